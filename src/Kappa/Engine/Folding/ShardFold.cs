using System.Diagnostics;
using Kappa.Diagnostics;
using Kappa.Engine.Builds;
using Kappa.Engine.History;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Engine.Watching;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>What a shard's loop does with its instances: fold, stop, retry, take in late events, stage. Only the loop calls it.</summary>
internal sealed class ShardFold<TState> : IDisposable where TState : class, IViewState<TState>
{
    private readonly View<TState> _view;
    private readonly ShardStore _store;
    private readonly InstanceTable _table;
    private readonly InstanceLoader<TState> _loader;
    private readonly HotSet<TState> _hotSet;
    private readonly List<HotInstance<TState>> _dirty = [];
    private readonly CommitStage<TState> _stage;
    private readonly CheckpointWriter<TState> _checkpoints;
    private readonly Refolder<TState> _refolder;
    private readonly TagList _tags;
    private readonly Func<bool> _isGentle;

    public ShardFold(View<TState> view, ShardStore store, InstanceTable table, WatcherSet watchers, BuildGeneration generation,
        ILogReader log, ViewRouter<TState> router, ShardOptions options)
    {
        (_view, _store, _table) = (view, store, table);
        _loader = new InstanceLoader<TState>(store, generation);
        _hotSet = new HotSet<TState>(options.HotBytesMax);
        _isGentle = options.IsGentle;
        _stage = new CommitStage<TState>(view, store, watchers, _hotSet, generation);
        _checkpoints = new CheckpointWriter<TState>(view, store);
        _refolder = new Refolder<TState>(log, router, _checkpoints);
        _tags = KappaMetrics.ViewTag(view.Name);
    }

    public int DirtyCount => _dirty.Count;
    public long DirtyBytes { get; private set; }
    public int AppliedSinceCommit { get; private set; }

    /// <summary>Folds a run, from a sequence on (what lies before it was dealt with in an earlier life).</summary>
    public async ValueTask TakeAsync(DeliveryBatch<TState> batch, long from, CancellationToken stop)
    {
        var before = AppliedSinceCommit;
        for (var next = 0; ;)
        {
            if (FoldUntilFailure(batch, from, ref next) is not { } failed)
                break;
            await StopAsync(failed.Hot, failed.Position, failed.Failure, stop).ConfigureAwait(false);
        }
        KappaMetrics.Folded(AppliedSinceCommit - before, _tags);
    }

    /// <summary>Writes all changed instances into the store's next commit.</summary>
    public async ValueTask StageAsync(CancellationToken stop)
    {
        // By index: mending one puts another object in its place.
        for (var i = 0; i < _dirty.Count; i++)
            if (_stage.Stage(_dirty[i]) is { } failure)
            {
                var hot = _dirty[i];
                // Which of the events since the last commit made it so: fold them again, writing the state after each.
                var mended = await RestoreAsync(hot, null, FoldFailure.Describe(failure), stop).ConfigureAwait(false);
                if (_stage.Stage(mended) is { } again)
                    throw new InvalidOperationException($"The last good state of {_view.Name} '{hot.Entry.Key}' can no longer be written.", again);
            }
        _dirty.Clear();
        DirtyBytes = 0;
        AppliedSinceCommit = 0;
    }

    /// <summary>After the commit: makes it visible, drops what is too much in memory, and says how many instances changed.</summary>
    public int Publish()
    {
        var changed = _stage.Publish(_table);
        if (_isGentle())
            _hotSet.KeepBusiest(ShardOptions.GentleHotBytes);
        _hotSet.Sweep();
        return changed;
    }

    /// <summary>After that: tells the watchers.</summary>
    public void Push()
    {
        _stage.Push();
        _stage.Clear();
    }

    /// <summary>Folds up to so many held events of a quarantined instance.</summary>
    public async ValueTask<RetryResult> RetryAsync(string key, int eventsMax, CancellationToken stop)
    {
        if (!_table.TryGet(key, out var entry) || entry.Committed is not { IsQuarantined: true } committed)
            return new RetryResult(RetryStatus.NotQuarantined, 0, 0, null);
        var hot = HotOf(key);
        var held = PositionHistory.Read(_store, hot.Held, hot.Instance.Held, 0, committed.Held);
        var next = await _refolder.FoldAsync(() => _loader.LoadReleased(entry), held, Math.Min(held.Count, Math.Max(eventsMax, held.Count / 8)),
            "The retry goes on.", serialise: true, stop).ConfigureAwait(false);
        Replace(hot, next);
        var instance = next.Instance;
        return new RetryResult(instance.Quarantine is null ? RetryStatus.Released : RetryStatus.StillQuarantined,
            held.Count - instance.HeldCount, instance.HeldCount, instance.Quarantine);
    }

    /// <summary>
    /// Gives an instance an event that was held at the view. Later events of that partition were applied meanwhile, so
    /// that the instance is folded again from its first event, in the order of the log, under a new generation.
    /// </summary>
    /// <returns>The outcome, and whether it was refused because the instance was quarantined already.</returns>
    public async ValueTask<(RetryResult Result, bool Refused)> InsertAsync(string key, Position position, long generation, CancellationToken stop)
    {
        var hot = HotOf(key);
        var instance = hot.Instance;
        if (instance.Quarantine is { } quarantine)
            return (new RetryResult(RetryStatus.StillQuarantined, 0, 1,
                new Quarantine(quarantine.Position, $"The instance '{key}' that it goes to is quarantined; retry that first. {quarantine.Reason}")), true);
        var applied = PositionHistory.Read(_store, hot.Applied, instance.Applied, 0, instance.Version);
        if (applied.Contains(position))
            return (new RetryResult(RetryStatus.Released, 0, 0, null), false);
        generation = Math.Max(generation, hot.Generation + 1);
        var at = applied.FindIndex(other => other.Partition == position.Partition && other.Sequence > position.Sequence);
        applied.Insert(at < 0 ? applied.Count : at, position);
        var next = await _refolder.FoldAsync(() => InstanceLoader<TState>.Fresh(hot.Entry, generation), applied, applied.Count,
            "", serialise: true, stop).ConfigureAwait(false);
        Replace(hot, next);
        return (next.Instance.Quarantine is { } stopped
            ? new RetryResult(RetryStatus.StillQuarantined, 0, next.Instance.HeldCount, stopped)
            : new RetryResult(RetryStatus.Released, 1, 0, null), false);
    }

    public void Dispose()
    {
        _stage.Dispose();
        _checkpoints.Dispose();
    }

    private (HotInstance<TState> Hot, Position Position, Exception Failure)? FoldUntilFailure(DeliveryBatch<TState> batch, long from, ref int next)
    {
        var events = batch.Page.Events;
        var deliveries = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch.Deliveries);
        var traced = KappaTracing.IsOn;
        for (; next < deliveries.Length; next++)
        {
            ref readonly var delivery = ref deliveries[next];
            ref readonly var recorded = ref events[delivery.Index];
            if (recorded.Position.Sequence < from)
                continue;
            var hot = HotOf(delivery.Key);
            using var span = traced ? KappaTracing.Fold(recorded, _view.Name, delivery.Key) : null;
            var outcome = hot.Instance.Take(delivery.Handler, delivery.Type, delivery.Decoded, recorded, out var failure);
            if (outcome == InstanceOutcome.AlreadyApplied)
                continue;
            MarkDirty(hot);
            if (outcome == InstanceOutcome.Applied)
            {
                AppliedSinceCommit++;
                if (traced)
                    hot.TraceParent = KappaTracing.ParentOf(recorded);
                failure = _checkpoints.Check(hot);
            }
            if (failure is null)
                continue;
            next++;
            return (hot, recorded.Position, failure);
        }
        return null;
    }

    private async ValueTask StopAsync(HotInstance<TState> hot, Position position, Exception failure, CancellationToken stop)
    {
        KappaMetrics.Quarantined(_tags);
        await RestoreAsync(hot, position, FoldFailure.Describe(failure), stop).ConfigureAwait(false);
    }

    /// <summary>
    /// Throws a half-changed state away: loads the last commit and folds again what came since, up to the event that
    /// failed (<paramref name="failed"/>), or, where that is null, up to the first whose state cannot be written or indexed.
    /// What was held since the last commit is held again behind it.
    /// </summary>
    private async ValueTask<HotInstance<TState>> RestoreAsync(HotInstance<TState> hot, Position? failed, string reason, CancellationToken stop)
    {
        var applied = hot.Instance.Applied;
        var since = (int)(hot.Instance.Version - hot.CommittedVersion);
        var positions = Enumerable.Range(applied.Count - since, since).Select(i => applied[i]).ToList();
        if (failed is { } at && (positions.Count == 0 || positions[^1] != at))
            positions.Add(at);
        var mayFold = failed is null ? positions.Count : positions.Count - 1;
        var held = hot.Instance.Held;
        var heldSince = (int)(hot.Instance.HeldCount - (hot.Entry.Committed?.Held ?? 0));
        positions.AddRange(Enumerable.Range(held.Count - heldSince, heldSince).Select(i => held[i]));
        var mended = await _refolder.FoldAsync(() => _loader.Load(hot.Entry), positions,
            mayFold, hot.Instance.Quarantine?.Reason ?? reason, serialise: failed is null, stop).ConfigureAwait(false);
        Replace(hot, mended);
        return mended;
    }

    private void Replace(HotInstance<TState> old, HotInstance<TState> with)
    {
        _hotSet.Replace(old, with);
        var index = old.Dirty ? _dirty.IndexOf(old) : -1;
        if (index >= 0)
            _dirty[index] = with;
        else
            _dirty.Add(with);
        with.Dirty = true;
    }

    private HotInstance<TState> HotOf(string key)
    {
        if (!_table.TryGet(key, out var entry))
            entry = _table.Add(key);
        if (!_hotSet.TryGet(entry, out var hot))
            _hotSet.Add(hot = _loader.Load(entry));
        hot.Used = true;
        return hot;
    }

    private void MarkDirty(HotInstance<TState> hot)
    {
        if (hot.Dirty)
            return;
        hot.Dirty = true;
        DirtyBytes += hot.Bytes;
        _dirty.Add(hot);
    }
}
