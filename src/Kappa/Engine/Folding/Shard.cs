using System.Threading.Channels;
using Kappa.Engine.Builds;
using Kappa.Engine.Instances;
using Kappa.Engine.Store;
using Kappa.Engine.Watching;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>
/// One part of a view's keys: a single-threaded loop that owns its instances. It takes runs of events, folds, and commits
/// changed instances and its watermark in one atomic batch; only then others see them and watchers are told. After a
/// crash it resumes from there. Whatever else must happen to its instances (a retry, a late event, an audit's snapshot)
/// is asked of the loop, between runs. While the loop is idle, a feed may take its turn and do the loop's work for one
/// run on its own thread, which saves waking another; the turn keeps all of it single-threaded.
/// </summary>
internal sealed class Shard<TState> : IDisposable where TState : class, IViewState<TState>
{
    /// <summary>How many runs may wait: enough that neither side idles, few enough to bound memory.</summary>
    private const int QueuedRunsMax = 8;

    /// <summary>So many events may concern nobody here before the shard is told, so that it does not read all of them again after a crash.</summary>
    private const long SkippedEventsMax = 50_000;

    private readonly Channel<object> _work = Channel.CreateBounded<object>(
        new BoundedChannelOptions(QueuedRunsMax) { SingleReader = true });
    private readonly ShardFold<TState> _fold;
    private readonly ShardUpkeep _upkeep;
    private readonly ShardCommits<TState> _commits;
    private readonly ShardStore _store;
    private readonly ShardProgress _progress;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationToken _stop;
    private Exception? _broken;

    public Shard(View<TState> view, ShardStore store, InstanceTable table, UnroutableEvents unroutable, BuildGeneration generation,
        ILogReader log, ViewRouter<TState> router, ShardOptions options, TimeProvider time, Action<string?> report, CancellationToken stop)
    {
        (Table, Unroutable, _store) = (table, unroutable, store);
        _fold = new ShardFold<TState>(view, store, table, Watchers, generation, log, router, options);
        _upkeep = new ShardUpkeep(store, table, unroutable, time, options);
        _progress = new ShardProgress(log.PartitionCount, store.Watermark);
        _stop = stop;
        Signal = new WatermarkSignal(store.Watermark);
        _commits = new ShardCommits<TState>(_fold, store, _upkeep, _progress, Signal, options, time, report, stop);
    }

    public InstanceTable Table { get; }
    public UnroutableEvents Unroutable { get; }
    public WatcherSet Watchers { get; } = new();
    public WatermarkSignal Signal { get; }
    public ShardStore Store => _store;

    /// <summary>Up to where everything is committed.</summary>
    public Cut Watermark => Signal.Watermark;

    /// <summary>Told after each commit that changed instances; must be quick.</summary>
    public Action? Committed
    {
        set => _commits.Changed = value;
    }

    /// <summary>
    /// Takes a run from the feed of its partition: passes over it if nothing in it is for this shard, folds it here and now
    /// if nobody else has the turn, and else queues it, waiting for room.
    /// </summary>
    public async ValueTask GiveAsync(DeliveryBatch<TState> batch, CancellationToken stop)
    {
        var partition = batch.Partition;
        // Nothing of this partition may be overtaken. What was given is counted until it is folded.
        if (!batch.Behind && !_progress.IsQueued(partition))
        {
            if (TryPassOver(batch))
                return;
            if (await _turn.WaitAsync(0, CancellationToken.None).ConfigureAwait(false))
            {
                await TakeHereAsync(batch).ConfigureAwait(false);
                return;
            }
        }
        _progress.Queued(partition);
        await _work.Writer.WriteAsync(batch, stop).ConfigureAwait(false);
    }

    /// <summary>Nothing more comes from this partition for now: what was folded in bulk is committed.</summary>
    public async ValueTask PauseAsync(int partition, CancellationToken stop)
    {
        try
        {
            // Behind what is queued already, or a queued run would undo it.
            await _work.Writer.WriteAsync(new Func<Exception?, ValueTask>(_ =>
            {
                _progress.SetBehind(partition, false);
                return ValueTask.CompletedTask;
            }), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // The shard has ended, or is told to: nothing of it waits.
        }
    }

    /// <summary>Runs something on the loop, when all that was folded is committed; what it changes is committed before this returns.</summary>
    public async Task<TResult> AskAsync<TResult>(Func<ShardFold<TState>, ValueTask<TResult>> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<Exception?, ValueTask> work = async failure =>
        {
            try
            {
                if (failure is null)
                    await _commits.CommitAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                answer.TrySetException(e);
                throw;
            }
            try
            {
                var result = failure is null ? await question(_fold).ConfigureAwait(false) : throw failure;
                await _commits.CommitAsync().ConfigureAwait(false);
                answer.TrySetResult(result);
            }
#pragma warning disable CA1031 // Who asked gets the failure; the shard goes on, unless its next commit fails too.
            catch (Exception e)
#pragma warning restore CA1031
            {
                answer.TrySetException(e);
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
    public async Task RunAsync()
    {
        try
        {
            while (await _work.Reader.WaitToReadAsync(_stop).ConfigureAwait(false))
                await InTurnAsync(DrainAsync).ConfigureAwait(false);
            await InTurnAsync(async () =>
            {
                await _commits.CommitAsync(force: true).ConfigureAwait(false);
                await _upkeep.FlushAsync().ConfigureAwait(false);
            }).ConfigureAwait(false);
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
        _turn.Dispose();
        _store.Dispose();
    }

    private async Task InTurnAsync(Func<ValueTask> work)
    {
        await _turn.WaitAsync(_stop).ConfigureAwait(false);
        try
        {
            if (_broken is not null)
                throw _broken;
            await work().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _broken ??= e;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask DrainAsync()
    {
        while (_work.Reader.TryRead(out var work))
        {
            if (work is DeliveryBatch<TState> batch)
            {
                await TakeAsync(batch).ConfigureAwait(false);
                _progress.Dequeued(batch.Partition);
            }
            else
                await ((Func<Exception?, ValueTask>)work)(null).ConfigureAwait(false);
            if (_commits.IsDue)
                await _commits.CommitAndCleanAsync().ConfigureAwait(false);
        }
        if (!_progress.IsAnyBehind())
            await _commits.CommitAndCleanAsync().ConfigureAwait(false);
    }

    /// <summary>On the thread of a feed that has taken the turn. What fails ends the loop, which tells it.</summary>
    private async ValueTask TakeHereAsync(DeliveryBatch<TState> batch)
    {
        try
        {
            if (_broken is not null)
                throw new ChannelClosedException(_broken);
            await TakeAsync(batch).ConfigureAwait(false);
            if (!_progress.IsAnyBehind())
                await _commits.CommitAndCleanAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not ChannelClosedException)
        {
            _broken ??= e;
            _work.Writer.TryComplete(e);
            throw new ChannelClosedException(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Lets the watermark pass over a run in which nothing is for this shard, without waking it. The feed alone moves a
    /// partition's mark while nothing of that partition is under way here.
    /// </summary>
    private bool TryPassOver(DeliveryBatch<TState> batch)
    {
        var (partition, from) = (batch.Partition, _progress.Next(batch.Partition));
        if (batch.Deliveries.Count > 0 || batch.Unroutable is not null || batch.From > from || _progress.IsBehind(partition)
            || batch.Next - _store.Watermark[partition] > SkippedEventsMax)
            return false;
        if (batch.Next > from)
            _progress.MoveTo(partition, batch.Next);
        Signal.PassOver(partition, from, batch.Next);
        batch.Dispose();
        return true;
    }

    private async ValueTask TakeAsync(DeliveryBatch<TState> batch)
    {
        using (batch)
        {
            var (partition, from) = (batch.Partition, _progress.Next(batch.Partition));
            if (batch.From > from)
                throw new InvalidOperationException($"Events {partition}:{from} to {partition}:{batch.From - 1} were left out between reader and shard.");
            _progress.SetBehind(partition, batch.Behind);
            if (batch.Next <= from)
                return;
            await _fold.TakeAsync(batch, from, _stop).ConfigureAwait(false);
            if (batch.Unroutable is { } unroutable)
                foreach (var one in unroutable)
                    if (one.Position.Sequence >= from)
                        Unroutable.Put(_store, one);
            _progress.MoveTo(partition, batch.Next);
        }
    }
}
