using Kappa.Diagnostics;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>
/// When and how a shard commits: changed instances and the watermark into the store in one step, then visible to readers,
/// then to those who wait, then to watchers. Only whoever has the shard's turn calls it.
/// </summary>
internal sealed class ShardCommits<TState>(ShardFold<TState> fold, ShardStore store, ShardUpkeep upkeep, ShardProgress progress,
    WatermarkSignal signal, ShardOptions options, TimeProvider time, Action<string?> report, CancellationToken stop)
    where TState : class, IViewState<TState>
{
    /// <summary>Live, a commit is due at the latest after so many applications, so that watchers are not kept waiting.</summary>
    private const int LiveCommitEvents = 2_000;

    private static readonly TimeSpan _bulkInterval = TimeSpan.FromSeconds(2), _diskFullInterval = TimeSpan.FromMilliseconds(500);

    private long _committedAt = time.GetTimestamp();

    /// <summary>Told after each commit that changed instances.</summary>
    public Action? Changed { get; set; }

    public bool IsDue => progress.IsAnyBehind()
        ? fold.DirtyBytes >= (options.IsGentle() ? Math.Min(ShardOptions.GentleCommitBytes, options.BulkCommitBytes) : options.BulkCommitBytes) || time.GetElapsedTime(_committedAt) >= _bulkInterval
        : fold.AppliedSinceCommit >= LiveCommitEvents;

    /// <summary>Cleaning comes right after a commit, when nothing is staged: what it moves is committed before it can be replaced.</summary>
    public async ValueTask CommitAndCleanAsync()
    {
        await CommitAsync().ConfigureAwait(false);
        if (upkeep.Clean())
            await CommitAsync(force: true).ConfigureAwait(false);
        upkeep.FlushNowAndThen();
    }

    public async ValueTask CommitAsync(bool force = false)
    {
        var watermark = progress.Cut;
        if (fold.DirtyCount > 0)
            await fold.StageAsync(stop).ConfigureAwait(false);
        // A watermark that moved on with nothing to store waits for the next commit: those events concern nobody here,
        // and reading past them again after a crash does no harm.
        if (force || store.StagedBytes > 0 || upkeep.IsWatermarkOld(watermark))
            await StoreAsync(watermark).ConfigureAwait(false);
        _committedAt = time.GetTimestamp();
        var changed = fold.Publish();
        upkeep.Published();
        signal.Publish(watermark);
        // A feed may have passed over a run since the cut was taken, and then found its partition not yet published.
        if (progress.Cut is var now && !watermark.Covers(now))
            signal.Publish(now);
        if (changed == 0)
            return;
        KappaMetrics.Committed(changed);
        fold.Push();
        Changed?.Invoke();
    }

    private async ValueTask StoreAsync(Cut watermark)
    {
        for (var reported = false; ; reported = true)
            try
            {
                var bytes = store.StagedBytes;
                store.Commit(watermark);
                upkeep.Wrote(bytes);
                if (reported)
                    report(null);
                return;
            }
            catch (DiskFullException e)
            {
                // Nothing is lost: it stays staged, the feeds wait, reads go on with the last commit.
                store.DeleteClosed();
                report($"The disk is full; nothing new is shown until there is room. {e.Message}");
                await Task.Delay(_diskFullInterval, time, stop).ConfigureAwait(false);
            }
    }
}
