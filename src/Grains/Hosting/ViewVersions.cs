using Kappa.Grains.Builds;
using Orleans.Metadata;
using Orleans.Runtime;

namespace Kappa.Grains.Hosting;

/// <summary>Which versions of views the silos of the cluster have code for, as their grain classes say.</summary>
internal sealed class ViewVersions(IClusterManifestProvider manifests)
{
    public bool Has(SiloAddress silo, BuildName build) =>
        manifests.Current.Silos.TryGetValue(silo, out var manifest) && manifest.Grains.ContainsKey(build.GrainType);

    /// <summary>True if any silo has the code.</summary>
    public bool IsAnywhere(string view, int version)
    {
        var type = ViewGrainAttribute.TypeOf(view, version);
        return manifests.Current.Silos.Values.Any(manifest => manifest.Grains.ContainsKey(type));
    }

    /// <summary>The versions of a view, ascending.</summary>
    public IReadOnlyList<int> Of(string view)
    {
        var prefix = $"view-{view}-v";
        return [.. manifests.Current.Silos.Values.SelectMany(manifest => manifest.Grains.Keys)
            .Select(type => type.ToString()!)
            .Where(type => type.StartsWith(prefix, StringComparison.Ordinal))
            .Select(type => int.TryParse(type.AsSpan(prefix.Length), out var version) ? version : 0)
            .Where(version => version > 0).Distinct().Order()];
    }
}
