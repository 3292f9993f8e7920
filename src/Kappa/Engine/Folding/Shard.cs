using System.Threading.Channels;
using Kappa.Diagnostics;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Engine.Watching;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>
/// One part of a view's keys: a single-threaded loop that owns its instances. It takes runs of events, folds, and commits
/// changed instances and its watermark in one atomic batch; only then others see them and watchers are told. After a
/// crash it resumes from there. Whatever else must happen to its instances (a retry, a late event, an audit's snapshot)
/// is asked of the loop, between runs.
/// </summary>
internal sealed class Shard<TState> : IDisposable where TState : class, IViewState<TState>
{
    /// <summary>How many runs may wait: enough that neither side idles, few enough to bound memory.</summary>
    private const int QueuedRunsMax = 8;

    /// <summary>Live, a commit is due at the latest after so many applications, so that watchers are not kept waiting.</summary>
    private const int LiveCommitEvents = 2_000;

    private static readonly TimeSpan _bulkCommitInterval = TimeSpan.FromSeconds(2);

    private readonly Channel<object> _work = Channel.CreateBounded<object>(
        new BoundedChannelOptions(QueuedRunsMax) { SingleReader = true });
    private readonly ShardFold<TState> _fold;
    private readonly ShardUpkeep _upkeep;
    private readonly ShardOptions _options;
    private readonly TimeProvider _time;
    private readonly ShardStore _store;
    private readonly Action<string?> _report;
    private readonly bool[] _behind;
    private readonly long[] _next;
    private long _committedAt;

    public Shard(View<TState> view, ShardStore store, InstanceTable table, UnroutableEvents unroutable, long generation,
        ILogReader log, ViewRouter<TState> router, ShardOptions options, TimeProvider time, Action<string?> report)
    {
        (Table, Unroutable, _store, _options, _time, _report) = (table, unroutable, store, options, time, report);
        _fold = new ShardFold<TState>(view, store, table, Watchers, generation, log, router, options.HotBytesMax);
        _upkeep = new ShardUpkeep(store, table, unroutable, time);
        _behind = new bool[log.PartitionCount];
        _next = new long[log.PartitionCount];
        for (var p = 0; p < _next.Length; p++)
            _next[p] = store.Watermark[p];
        Signal = new WatermarkSignal(store.Watermark);
        _committedAt = time.GetTimestamp();
    }

    public InstanceTable Table { get; }
    public UnroutableEvents Unroutable { get; }
    public WatcherSet Watchers { get; } = new();
    public WatermarkSignal Signal { get; }
    public ShardStore Store => _store;

    /// <summary>Up to where everything is committed.</summary>
    public Cut Watermark => Signal.Watermark;

    /// <summary>Told after each commit that changed instances; must be quick.</summary>
    public Action? Committed { get; set; }

    public bool TryGive(DeliveryBatch<TState> batch) => _work.Writer.TryWrite(batch);

    public ValueTask GiveAsync(DeliveryBatch<TState> batch, CancellationToken stop) => _work.Writer.WriteAsync(batch, stop);

    /// <summary>Nothing more comes from this partition for now, so there is nothing to wait for in bulk.</summary>
    public void Paused(int partition) => Volatile.Write(ref _behind[partition], false);

    /// <summary>Runs something on the loop, when all that was folded is committed; what it changes is committed before this returns.</summary>
    public async Task<TResult> AskAsync<TResult>(Func<ShardFold<TState>, ValueTask<TResult>> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<Exception?, ValueTask> work = async failure =>
        {
            if (failure is not null)
                answer.TrySetException(failure);
            else
                try
                {
                    await CommitAsync(CancellationToken.None).ConfigureAwait(false);
                    var result = await question(_fold).ConfigureAwait(false);
                    await CommitAsync(CancellationToken.None).ConfigureAwait(false);
                    answer.TrySetResult(result);
                }
                catch (Exception e)
                {
                    answer.TrySetException(e);
                    throw;
                }
        };
        try
        {
            await _work.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new EngineStoppedException();
        }
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>No more work is taken; the loop ends when what is queued is folded and committed.</summary>
    public void Complete() => _work.Writer.TryComplete();

    /// <summary>The loop. Ends when completed, or throws: then nothing after the last commit counts.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await _work.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                while (_work.Reader.TryRead(out var work))
                {
                    if (work is DeliveryBatch<TState> batch)
                        await TakeAsync(batch, stop).ConfigureAwait(false);
                    else
                        await ((Func<Exception?, ValueTask>)work)(null).ConfigureAwait(false);
                    if (IsCommitDue())
                        await CommitAndCleanAsync(stop).ConfigureAwait(false);
                }
                if (!IsBulk())
                    await CommitAndCleanAsync(stop).ConfigureAwait(false);
            }
            await CommitAsync(stop, force: true).ConfigureAwait(false);
            await _upkeep.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            _work.Writer.TryComplete();
            while (_work.Reader.TryRead(out var left))
                if (left is DeliveryBatch<TState> batch)
                    batch.Dispose();
                else
                    await ((Func<Exception?, ValueTask>)left)(new EngineStoppedException()).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps the store's files as they are until disposed, for whoever reads records of one commit one by one.</summary>
    public IDisposable Pin() => _upkeep.Pin();

    public void Dispose()
    {
        _fold.Dispose();
        _upkeep.Dispose();
        _store.Dispose();
    }

    private async ValueTask TakeAsync(DeliveryBatch<TState> batch, CancellationToken stop)
    {
        using (batch)
        {
            var (partition, from) = (batch.Partition, _next[batch.Partition]);
            if (batch.From > from)
                throw new InvalidOperationException($"Events {partition}:{from} to {partition}:{batch.From - 1} were left out between reader and shard.");
            Volatile.Write(ref _behind[partition], batch.Behind);
            if (batch.Next <= from)
                return;
            await _fold.TakeAsync(batch, from, stop).ConfigureAwait(false);
            if (batch.Unroutable is { } unroutable)
                foreach (var one in unroutable)
                    if (one.Position.Sequence >= from)
                        Unroutable.Put(_store, one);
            _next[partition] = batch.Next;
        }
    }

    private bool IsBulk()
    {
        for (var p = 0; p < _behind.Length; p++)
            if (Volatile.Read(ref _behind[p]))
                return true;
        return false;
    }

    private bool IsCommitDue() => IsBulk()
        ? _fold.DirtyBytes >= _options.BulkCommitBytes || _time.GetElapsedTime(_committedAt) >= _bulkCommitInterval
        : _fold.AppliedSinceCommit >= LiveCommitEvents;

    /// <summary>Cleaning comes right after a commit, when nothing is staged: what it moves is committed before it can be replaced.</summary>
    private async ValueTask CommitAndCleanAsync(CancellationToken stop)
    {
        await CommitAsync(stop).ConfigureAwait(false);
        if (_upkeep.Clean())
            await CommitAsync(stop, force: true).ConfigureAwait(false);
        _upkeep.FlushNowAndThen();
    }

    private async ValueTask CommitAsync(CancellationToken stop, bool force = false)
    {
        var watermark = new Cut(_next);
        if (_fold.DirtyCount > 0)
            await _fold.StageAsync(stop).ConfigureAwait(false);
        // A watermark that moved on with nothing to store waits for the next commit: those events concern nobody here,
        // and reading past them again after a crash does no harm.
        if (force || _store.StagedBytes > 0 || _upkeep.IsWatermarkOld(watermark))
            await StoreAsync(watermark, stop).ConfigureAwait(false);
        _committedAt = _time.GetTimestamp();
        var changed = _fold.Publish();
        _upkeep.Published();
        Signal.Publish(watermark);
        if (changed > 0)
        {
            KappaMetrics.Committed(changed);
            _fold.Push();
            Committed?.Invoke();
        }
    }

    private async ValueTask StoreAsync(Cut watermark, CancellationToken stop)
    {
        var reported = false;
        while (true)
        {
            try
            {
                var bytes = _store.StagedBytes;
                _store.Commit(watermark);
                _upkeep.Wrote(bytes);
                if (reported)
                    _report(null);
                return;
            }
            catch (DiskFullException e)
            {
                // Nothing is lost: it stays staged, the feeds wait, reads go on with the last commit.
                _report($"The disk is full; nothing new is shown until there is room. {e.Message}");
                reported = true;
                await Task.Delay(TimeSpan.FromMilliseconds(500), _time, stop).ConfigureAwait(false);
            }
        }
    }
}
