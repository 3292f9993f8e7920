using System.Globalization;
using Kappa.Grains.Builds;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Kappa.Grains.Hosting;

/// <summary>
/// Carries out <see cref="BesideViewPlacement"/>: of the silos that have the grain classes of the version, one by hash of the grain's key, so that
/// such grains are spread; or one by their number alone, so that all auditors of a partition share what their silo reads of the log. During a rolling
/// upgrade old silos never get work of a version they do not know.
/// </summary>
internal sealed class BesideViewDirector(ViewVersions versions) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var build = BuildName.Parse(key.AsSpan(0, slash));
        var able = context.GetCompatibleSilos(target).Where(silo => versions.Has(silo, build)).Order().ToArray();
        if (able.Length == 0)
            throw new InvalidOperationException($"No silo has the code of {build.View} v{build.Version}.");
        var place = strategy is BesideViewPlacement { ByNumber: true }
            ? uint.Parse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture)
            : target.GrainIdentity.GetUniformHashCode();
        return Task.FromResult(able[(int)(place % (uint)able.Length)]);
    }
}
