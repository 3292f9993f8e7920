using Kappa.Engine.Folding;
using Kappa.Engine.Instances;
using Kappa.Engine.Reading;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// Reads instances of one build as of a cut: folds again what was applied of the cut, from the last checkpoint before
/// anything else was. One committed record says what the history is; commits and re-folds meanwhile do not touch it. Thread-safe.
/// </summary>
internal sealed class ViewAsOf<TState>(ShardSet<TState> shards, ViewReads<TState> reads, ILogReader log, ViewRouter<TState> router)
    where TState : class, IViewState<TState>
{
    /// <summary>Reads one instance as of a cut that the log covers; waits until its shard has dealt with that.</summary>
    public async ValueTask<ReadResult> ReadAsync(string key, Cut cut, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (!await reads.ReachedAsync(key, cut, wait, cancellationToken).ConfigureAwait(false))
            return new ReadResult(ReadStatus.NotYet, null);
        InstanceRecord record;
        ViewEnvelope newest;
        using (var bytes = shards.Read(key))
        {
            if (bytes is null)
                return new ReadResult(ReadStatus.NotFound, null);
            record = InstanceRecord.Read(bytes.Span);
            newest = Envelopes.Of(shards.View, record, bytes.Span, shards.Generation);
        }
        if (ViewReads<TState>.IsPastQuarantine(record, cut))
            return new ReadResult(ReadStatus.PastQuarantine, newest);
        var applied = new PositionChain(shards.Of(key).Store);
        applied.Follow(record.Applied, record.AppliedTail);
        var range = CutRange.Of(applied, record, cut);
        var envelope = range.FirstOutside == record.Version
            ? newest with { Quarantined = null }
            : Envelope(newest, await FoldAsync(shards.Of(key), record, applied, range, cut, cancellationToken).ConfigureAwait(false));
        return envelope.State.IsEmpty ? new ReadResult(ReadStatus.NotFound, null) : new ReadResult(ReadStatus.Found, envelope);
    }

    /// <summary>An instance as of a cut: the fold of exactly what it applied of it, in that order.</summary>
    /// <exception cref="ViewFailedException">The fold cannot take an event that it had applied.</exception>
    /// <exception cref="LogRetiredException">The log no longer has the events.</exception>
    public async ValueTask<FoldedInstance> FoldAsync(Shard<TState> shard, InstanceRecord record, Cut cut, CancellationToken cancellationToken)
    {
        var applied = new PositionChain(shard.Store);
        applied.Follow(record.Applied, record.AppliedTail);
        return await FoldAsync(shard, record, applied, CutRange.Of(applied, record, cut), cut, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<FoldedInstance> FoldAsync(Shard<TState> shard, InstanceRecord record, PositionChain applied, CutRange range, Cut cut,
        CancellationToken cancellationToken)
    {
        if (range.LastInside < 0)
            return new FoldedInstance(0, true, default, 0, 0, null);
        var checkpoint = PositionHistory.CheckpointAtOrBefore(shard.Store, record.LastCheckpoint, range.FirstOutside);
        using var fold = new InstanceFold<TState>(shards.View, router);
        using var events = new EventFetcher(log);
        fold.Start(record.Key, checkpoint);
        for (var ordinal = fold.Version; ordinal <= range.LastInside;)
        {
            var run = applied.RunAt(ordinal, out var first);
            for (; ordinal <= range.LastInside && ordinal - first < run.Length; ordinal++)
                if (run[ordinal - first] is var position && cut.Contains(position))
                    fold.Take(await events.GetAsync(position, cancellationToken).ConfigureAwait(false));
        }
        var last = applied.RunAt(range.LastInside, out var start)[range.LastInside - start];
        var recorded = await events.GetAsync(last, cancellationToken).ConfigureAwait(false);
        return new FoldedInstance(fold.Version, range.IsVersion, last, recorded.TimeTicks, recorded.AppendedTicks, fold.Write());
    }

    private static ViewEnvelope Envelope(ViewEnvelope newest, in FoldedInstance then) => newest with
    {
        Version = then.Version,
        // No build has the generation 0: a watch that is given such a token starts anew instead of following on a state that never was.
        Token = new WatchToken(then.IsVersion ? newest.Token.Generation : 0, then.Version),
        Time = new DateTimeOffset(then.TimeTicks, TimeSpan.Zero),
        Appended = new DateTimeOffset(then.AppendedTicks, TimeSpan.Zero),
        Position = then.Last,
        State = then.State is null ? default : ServedState.Of(then.State),
        Quarantined = null,
        TraceParent = null,
    };
}
