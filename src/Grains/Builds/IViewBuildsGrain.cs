using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>
/// The builds of one view (the grain's key is its name): makes the first, one beside it for each new version, and promotes, all by one document.
/// What it refuses, and why, is in the outcome.
/// </summary>
[Alias("kappa.builds")]
public interface IViewBuildsGrain : IGrainWithStringKey
{
    /// <summary>The builds with a lease; waits while a promotion is under way.</summary>
    [Alias("lease")]
    Task<BuildsSnapshot> LeaseAsync();

    /// <summary>A build as it is listed, or null if it is not (any more).</summary>
    [Alias("find")]
    Task<BuildEntry?> FindAsync(BuildName build);

    /// <summary>Makes builds for versions that have none, and keeps the auditors going. Called by every silo from time to time.</summary>
    [Alias("look-after")]
    Task LookAfterAsync();

    [Alias("start")]
    Task<BuildOutcome> StartAsync(int? version);

    [Alias("pause")]
    Task<BuildOutcome> PauseAsync(BuildName build, bool isPaused);

    /// <summary>Makes another build serve, once it has all that anybody may have been shown.</summary>
    /// <param name="keep">True to keep the one that served, for a rollback.</param>
    [Alias("serve"), ResponseTimeout("00:02:00")]
    Task<BuildOutcome> ServeAsync(BuildName build, bool keep);

    /// <summary>Takes a build off the list, and deletes its documents; if the call is lost meanwhile, they are deleted all the same.</summary>
    [Alias("discard"), ResponseTimeout("00:10:00")]
    Task<BuildOutcome> DiscardAsync(BuildName build);
}
