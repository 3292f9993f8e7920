using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>
/// The builds of a view as of one moment. As long as its lease runs, no other build begins to serve: whoever holds it may answer from the one
/// that serves without asking again.
/// </summary>
[GenerateSerializer, Immutable]
public sealed record BuildsSnapshot([property: Id(0)] string View, [property: Id(1)] List<BuildStatus> Builds, [property: Id(2)] int Serving,
    [property: Id(3)] int Previous, [property: Id(4)] int LeaseMilliseconds)
{
    /// <exception cref="InvalidOperationException">The view has no build yet.</exception>
    public BuildStatus ServingBuild => Builds.Find(build => build.Entry.Name.Number == Serving)
        ?? throw new InvalidOperationException($"{View} has no build yet; the cluster is still starting.");
}
