using System.Threading.Channels;
using Kappa.Engine.Auditing;
using Kappa.Engine.Builds;
using Kappa.Engine.Folding;
using Kappa.Engine.History;
using Kappa.Engine.Instances;
using Kappa.Engine.Reading;
using Kappa.Engine.Records;
using Kappa.Engine.Repair;
using Kappa.Engine.Store;
using Kappa.Engine.Watching;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine;

/// <summary>The runner of a view with this state: opens or makes its build, folds from its watermark on, and answers.</summary>
internal sealed class ViewRunner<TState> : ViewRunner where TState : class, IViewState<TState>
{
    /// <summary>Up to this many events behind the end of the log a view counts as live.</summary>
    private const long LiveLagEvents = 10_000;

    private readonly EngineContext _context;
    private readonly View<TState> _view;
    private readonly ViewRouter<TState> _router;
    private readonly Shard<TState>[] _shards;
    private readonly ShardSet<TState> _set;
    private readonly ViewReads<TState> _reads;
    private readonly ViewAsOf<TState> _asOf;
    private readonly ViewWatches<TState> _watches;
    private readonly ViewHistory<TState> _history;
    private readonly ViewRepairs<TState> _repairs;
    private readonly BuildDirectory _build;
    private readonly BuildGeneration _generation;
    private readonly FeedGate _gate;
    private readonly CancellationTokenSource _stopFeeds = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _running;
    private int _feedsEnded;
    private string? _failure;
    private readonly string? _suspicion;
    private string? _waiting;

    private ViewRunner(EngineContext context, View<TState> view, ViewRouter<TState> router, BuildDirectory build, OpenShards opened, bool isServing)
    {
        (_context, _view, _router, _build, IsServing) = (context, view, router, build, isServing);
        _generation = new BuildGeneration(build.Info.Generation);
        _gate = new FeedGate(context.Log.PartitionCount);
        var options = new ShardOptions(context.Options.HotBytesMax / opened.Stores.Count, context.Options.BulkCommitBytes / opened.Stores.Count,
            () => !IsServing && context.Pace.IsGentle, context.Flushes);
        _shards = [.. opened.Stores.Select((store, i) => new Shard<TState>(view, store, opened.Tables[i], opened.Unroutable[i],
            _generation, context.Log, router, options, context.Time, problem => Volatile.Write(ref _waiting, problem), _abort.Token))];
        _set = new ShardSet<TState>(view, _shards, _generation);
        _reads = new ViewReads<TState>(_set, context.Time);
        _asOf = new ViewAsOf<TState>(_set, _reads, context.Log, router);
        _watches = new ViewWatches<TState>(_set, context.Log, router, context.Options, context.Watches, context.Time);
        _history = new ViewHistory<TState>(_set, context.Log, router);
        _repairs = new ViewRepairs<TState>(_set, context.Log, router, context.Time, _abort.Token);
        foreach (var shard in _shards)
            shard.Committed = _watches.Changed;
        _suspicion = IsFrozen ? null : new SuspectCheck<TState>(_set, context.Log, router).Run();
        // Held before anything is read: one that was paused stays just where it was.
        HeldAtStart = build.Info.Paused && !isServing ? _gate.HoldAsync(CancellationToken.None).GetAwaiter().GetResult() : null;
        var feeds = IsFrozen ? [] : Enumerable.Range(0, context.Log.PartitionCount).Select(FeedAsync).ToArray();
        _running = Task.WhenAll([.. feeds, .. _shards.Select(FoldAsync)]);
    }

    public override BuildDirectory Build => _build;
    public override bool IsFrozen => typeof(TState) == typeof(StoredState);
    public override Cut Watermark => _set.Watermark;
    public override Cut Furthest => _shards.Select(shard => shard.Watermark).Aggregate(Cut.Max);
    public override Cut WatermarkOf(string key) => _set.Of(key).Watermark;
    public override IEnumerable<string> KeysEver => _shards.SelectMany(shard => shard.Table.Entries).Where(entry => entry.Committed is not null).Select(entry => entry.Key);

    public override View View => _view;

    public override string? Problem => Volatile.Read(ref _failure) ?? Volatile.Read(ref _waiting) ?? _suspicion ?? (IsFrozen
        ? $"The code of version {_view.Version} is not registered any more: these are its last states. Promote a build of another version." : null);

    public override ViewInfo Info
    {
        get
        {
            var watermark = _set.Watermark;
            var lag = 0L;
            for (var p = 0; p < _context.Log.PartitionCount; p++)
                lag += Math.Max(0, _context.Log.Next(p) - watermark[p]);
            var totals = _shards.Select(shard => shard.Table.Totals).ToArray();
            var status = _failure is not null ? ViewStatus.Failed : IsFrozen ? ViewStatus.Stale : _suspicion is not null ? ViewStatus.Suspect
                : lag > LiveLagEvents ? ViewStatus.CatchingUp : ViewStatus.Live;
            return new ViewInfo(_view.Name, _view.Version, status, totals.Sum(t => t.Instances), watermark, lag, totals.Sum(t => t.Applied),
                totals.Sum(t => t.Quarantined), totals.Sum(t => t.Held) + _shards.Max(shard => shard.Unroutable.Count), Problem, _view.Lookups, _view.Ranks);
        }
    }

    /// <summary>
    /// Opens a build and starts folding. A damaged build, or one of a log that has lost its end, is folded anew; null if that
    /// cannot be, since the code is gone.
    /// </summary>
    public static ViewRunner<TState>? Start(EngineContext context, View<TState> view, BuildDirectory build, bool isServing)
    {
        var router = new ViewRouter<TState>(view, context.Types);
        build.Booted(context.Time);
        OpenShards? opened = null;
        try
        {
            opened = OpenShards.Of(context.Disk, build, view);
            if (!opened.FitsIn(context.Log))
            {
                opened.Dispose();
                opened = null;
            }
        }
        catch (StoreCorruptException)
        {
            // Derived from the log, so it is folded again.
        }
        if (opened is null)
        {
            if (view is StoredView)
                return null;
            build = build.Anew(context.Time);
            opened = OpenShards.Of(context.Disk, build, view);
        }
        return new ViewRunner<TState>(context, view, router, build, opened, isServing);
    }

    public override ValueTask<ReadResult> ReadAsync(string key, Receipt? receipt, TimeSpan wait, CancellationToken cancellationToken) =>
        _reads.ReadAsync(key, receipt, wait, cancellationToken);

    public override ValueTask<ReadResult> ReadAtAsync(string key, Cut cut, TimeSpan wait, CancellationToken cancellationToken) =>
        Folding()._asOf.ReadAsync(key, cut, wait, cancellationToken);

    public override Page<KeyInfo> Keys(string prefix, string? after, int take) => _reads.Keys(prefix, after, take);
    public override Page<ViewEnvelope> Lookup(string lookup, string value, string? after, int take) => _reads.Lookup(lookup, value, after, take);
    public override IReadOnlyList<ViewEnvelope> Top(string rank, int take) => _reads.Top(rank, take);

    public override IAsyncEnumerable<ViewEnvelope> WatchAsync(string key, WatchToken? token, WatchMode mode, CancellationToken cancellationToken) =>
        _watches.WatchAsync(key, token, mode, cancellationToken);

    public override IAsyncEnumerable<IReadOnlyList<ViewEnvelope>> WatchTopAsync(string rank, int take, CancellationToken cancellationToken) =>
        _watches.WatchTopAsync(_reads, rank, take, cancellationToken);

    public override Task<Page<HistoryItem>?> HistoryAsync(string key, long after, int take, CancellationToken cancellationToken) =>
        Folding()._history.ReadAsync(key, after, take, cancellationToken);

    public override List<QuarantineItem> Quarantined(Position? afterPosition, string? afterKey, int take) =>
        _repairs.Read(afterPosition, afterKey, take);

    public override Task<RetryResult> RetryAsync(string key, CancellationToken cancellationToken) => Asked(Folding()._repairs.RetryAsync(key, cancellationToken));
    public override Task<RetryResult> RetryAsync(Position position, CancellationToken cancellationToken) => Asked(Folding()._repairs.RetryAsync(position, cancellationToken));

    public override Task<AuditReport> AuditAsync(CancellationToken cancellationToken) =>
        Asked(new ViewAudit<TState>(Folding()._set, _context.Log, _router).RunAsync(cancellationToken));

    public override Task ReachAsync(Cut cut, CancellationToken cancellationToken) =>
        Task.WhenAll(_shards.Select(shard => shard.Signal.WaitAsync(cut, cancellationToken)));

    public override async Task<IDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        var hold = await _gate.HoldAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Behind all that is queued; the question itself makes the shard commit.
            await Task.WhenAll(_shards.Select(shard => shard.AskAsync(_ => ValueTask.FromResult(true), cancellationToken))).ConfigureAwait(false);
            return hold;
        }
        catch (EngineStoppedException) when (_failure is not null)
        {
            return hold;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    public override void RaiseGeneration(long generation)
    {
        _build.SetGeneration(generation);
        _generation.RaiseTo(generation);
    }

    public override async ValueTask<ReadOnlyMemory<byte>> StateAtAsync(string key, Cut cut, CancellationToken cancellationToken)
    {
        InstanceRecord record;
        using (var bytes = _set.Read(key))
        {
            if (bytes is null)
                return default;
            record = InstanceRecord.Read(bytes.Span);
            if (IsFrozen || record.Seen.AllIn(cut))
                return record.HasState ? ServedState.Of(bytes.Span[record.StateOffset..]) : default;
        }
        var then = await Folding()._asOf.FoldAsync(_set.Of(key), record, cut, cancellationToken).ConfigureAwait(false);
        return then.State is null ? default : ServedState.Of(then.State);
    }

    /// <summary>Folds and commits what was read already, flushes, and closes.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _stopFeeds.CancelAsync().ConfigureAwait(false);
        if (IsFrozen)
            foreach (var shard in _shards)
                shard.Complete();
        // A full disk must not keep the process from ending; what is not committed is folded again at the next start.
        _abort.CancelAfter(TimeSpan.FromSeconds(15));
        await _running.ConfigureAwait(false);
        EndWaiting(new EngineStoppedException());
        await _abort.CancelAsync().ConfigureAwait(false);
        foreach (var shard in _shards)
            shard.Dispose();
        _gate.Dispose();
        _stopFeeds.Dispose();
        _abort.Dispose();
    }

    private async Task FeedAsync(int partition)
    {
        await Task.Yield();
        try
        {
            await new PartitionFeed<TState>(_context.Log, partition, _router, _shards, _gate, () => IsServing ? null : _context.Pace).RunAsync(_stopFeeds.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopFeeds.IsCancellationRequested)
        {
            // Stopping is how a feed ends.
        }
        catch (ChannelClosedException)
        {
            // A shard has failed, and says why itself.
        }
#pragma warning disable CA1031 // Whatever ends a feed stops its partition for this view, visibly; the others go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail($"Partition {partition}: {e.Message}");
        }
        finally
        {
            foreach (var shard in _shards)
                await shard.PauseAsync(partition, _abort.Token).ConfigureAwait(false);
            if (Interlocked.Increment(ref _feedsEnded) == _context.Log.PartitionCount)
                foreach (var shard in _shards)
                    shard.Complete();
        }
    }

    private async Task FoldAsync(Shard<TState> shard)
    {
        await Task.Yield();
        try
        {
            await shard.RunAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            // Aborted while closing; the log still has what was not committed.
        }
#pragma warning disable CA1031 // A broken invariant or damage stops this view, visibly; other views go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e.Message);
            await _stopFeeds.CancelAsync().ConfigureAwait(false);
            EndWaiting(new ViewFailedException(_view.Name, e.Message, e));
        }
    }

    /// <summary>This, for what needs the view's folds.</summary>
    private ViewRunner<TState> Folding() => IsFrozen
        ? throw new ViewFailedException(_view.Name, $"the code of version {_view.Version}, which serves, is not registered any more, so that nothing can be folded; promote a build of another version")
        : this;

    private void Fail(string reason) => Interlocked.CompareExchange(ref _failure, reason, null);

    private void EndWaiting(Exception reason)
    {
        foreach (var shard in _shards)
        {
            shard.Watchers.End(reason);
            shard.Signal.End(reason);
        }
        _watches.End(reason);
    }

    private async Task<TResult> Asked<TResult>(Task<TResult> answer)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (EngineStoppedException) when (_failure is not null)
        {
            throw new ViewFailedException(_view.Name, _failure);
        }
    }
}
