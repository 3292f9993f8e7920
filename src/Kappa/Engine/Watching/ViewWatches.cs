using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kappa.Engine.History;
using Kappa.Engine.Instances;
using Kappa.Engine.Reading;
using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Watching;

/// <summary>Watches of one build: snapshot first, then changes, each folded and committed before it is seen. Thread-safe.</summary>
internal sealed class ViewWatches<TState>(ShardSet<TState> shards, ILogReader log, ViewRouter<TState> router, EngineOptions options,
    WatchBudget budget, TimeProvider time) where TState : class, IViewState<TState>
{
    /// <summary>Changes of a rank that come faster than this are merged.</summary>
    private static readonly TimeSpan _topInterval = TimeSpan.FromMilliseconds(100);

    private readonly TopWatchers _topWatchers = new();

    /// <summary>A commit changed something; ranks may have moved.</summary>
    public void Changed() => _topWatchers.Wake();

    public void End(Exception reason) => _topWatchers.End(reason);

    public async IAsyncEnumerable<ViewEnvelope> WatchAsync(string key, WatchToken? token, WatchMode mode,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = budget.Take();
        var shard = shards.Of(key);
        using var replay = new Replay<TState>(shards.View, log, router, shard.Store);
        // Registered before the snapshot is read: what is committed in between is offered, and told apart by its version.
        var watcher = shard.Watchers.Add(key);
        try
        {
            var current = shards.Envelope(key) ?? Envelopes.Absent(shards.View, key, shards.Generation);
            var at = current.Token;
            // A token ahead of what there is (of a log that was restored, say) cannot be followed on.
            if (token is { } resume && resume.Generation == at.Generation && resume.Version <= at.Version)
            {
                at = resume;
                if (current.Version > at.Version)
                    await foreach (var envelope in FollowAsync(replay, current, at, mode, cancellationToken).ConfigureAwait(false))
                        yield return Delivered(envelope, ref at);
            }
            else
                yield return token is null ? current : current with { Reset = true };
            await foreach (var newest in watcher.Newest.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                if (newest.Token.Generation != at.Generation)
                    yield return Delivered(newest with { Reset = true }, ref at);
                else if (newest.Version > at.Version)
                    await foreach (var envelope in FollowAsync(replay, newest, at, mode, cancellationToken).ConfigureAwait(false))
                        yield return Delivered(envelope, ref at);
        }
        finally
        {
            shard.Watchers.Remove(key, watcher);
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<ViewEnvelope>> WatchTopAsync(ViewReads<TState> reads, string rank, int take,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = budget.Take();
        using var changes = _topWatchers.Add();
        IReadOnlyList<ViewEnvelope>? shown = null;
        do
        {
            var top = reads.Top(rank, take);
            if (shown is null || !top.Select(one => (one.Key, one.Token)).SequenceEqual(shown.Select(one => (one.Key, one.Token))))
                yield return shown = top;
            await Task.Delay(_topInterval, time, cancellationToken).ConfigureAwait(false);
        }
        while (await changes.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    private static ViewEnvelope Delivered(ViewEnvelope envelope, ref WatchToken at)
    {
        at = envelope.Token;
        return envelope;
    }

    /// <summary>What to deliver so that a watcher who stands at <paramref name="at"/> gets to the newest.</summary>
    private async IAsyncEnumerable<ViewEnvelope> FollowAsync(Replay<TState> replay, ViewEnvelope newest, WatchToken at, WatchMode mode,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (mode == WatchMode.Latest || newest.Version == at.Version + 1)
        {
            yield return newest;
            yield break;
        }
        if (newest.Version - at.Version > options.WatchReplayMax)
        {
            yield return newest with { Reset = true };
            yield break;
        }
        InstanceRecord record;
        using (var bytes = shards.Read(newest.Key)!)
            record = InstanceRecord.Read(bytes.Span);
        if (Math.Max(record.Generation, shards.Generation) != at.Generation)
        {
            // Folded again in another order since; that snapshot is offered next, and is marked as a reset.
            yield break;
        }
        await foreach (var step in replay.StepsAsync(record, at.Version, newest.Version, cancellationToken).ConfigureAwait(false))
            yield return newest with
            {
                Version = step.Version,
                Token = new WatchToken(at.Generation, step.Version),
                Time = step.Recorded.Time,
                Appended = step.Recorded.Appended,
                Position = step.Recorded.Position,
                State = step.After is null ? default : ServedState.Of(step.After),
                Quarantined = step.Version == newest.Version ? newest.Quarantined : null,
                TraceParent = null,
            };
    }
}
