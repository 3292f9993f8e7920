namespace Kappa.Views;

/// <summary>
/// Builds of views beside those that serve: start, follow, compare, promote, roll back, discard. The same on every engine;
/// thread-safe. An unknown view is <see cref="UnknownViewException"/>, an unknown build or version
/// <see cref="UnknownRebuildException"/>, a build in the wrong state <see cref="RebuildStateException"/>.
/// </summary>
public interface IRebuilds
{
    /// <summary>What a rebuild would cost; starts nothing. The newest registered version if none is given.</summary>
    ValueTask<RebuildEstimate> EstimateAsync(string view, int? version, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts folding a version of a view from the start of the log, beside the build that serves; also the same version, for a repair.
    /// One at a time per view. It goes on where it stopped after a restart.
    /// </summary>
    ValueTask<RebuildInfo> StartAsync(string view, int? version, CancellationToken cancellationToken = default);

    /// <summary>The builds of a view (or of all), with those that serve and those that are kept.</summary>
    ValueTask<IReadOnlyList<RebuildInfo>> ListBuildsAsync(string? view, CancellationToken cancellationToken = default);

    ValueTask<RebuildInfo> GetBuildAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Stops folding for now; commits what was folded. Does nothing to one that is paused.</summary>
    ValueTask<RebuildInfo> PauseAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Goes on where it was paused. Does nothing to one that is not.</summary>
    ValueTask<RebuildInfo> ResumeAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Compares a build that is ready with the one that serves, both at one cut, and gives the first instances that differ after
    /// a cursor. All pages that follow one first page are of its cut.
    /// </summary>
    ValueTask<DiffPage> DiffAsync(string id, string? after, int take, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a build that is ready the one that serves, in one step for all readers and watchers, if the gate (if any) lets it: no read
    /// goes below what was served before. A watcher gets one snapshot marked as reset. The build that served is kept,
    /// and goes on folding; the one that was kept before is discarded.
    /// </summary>
    ValueTask<PromotionResult> PromoteAsync(string id, PromotionGate? gate, CancellationToken cancellationToken = default);

    /// <summary>
    /// Undoes a promotion: the build that was replaced serves again, caught up with what was served; if its code is gone, with the states at
    /// which it stopped. The id is that of the build that serves.
    /// </summary>
    ValueTask<RebuildInfo> RollbackAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Deletes a build that does not serve, and frees its disk space.</summary>
    ValueTask DiscardAsync(string id, CancellationToken cancellationToken = default);
}
