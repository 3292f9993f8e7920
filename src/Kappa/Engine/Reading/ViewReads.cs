using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Reading;

/// <summary>Reads, lists, lookups and ranks of one build. Thread-safe; sees committed states only.</summary>
internal sealed class ViewReads<TState>(ShardSet<TState> shards, TimeProvider time)
    where TState : class, IViewState<TState>
{
    public async ValueTask<ReadResult> ReadAsync(string key, Receipt? receipt, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (receipt is not null && !await ReachedAsync(key, receipt.Cut, wait, cancellationToken).ConfigureAwait(false))
            return new ReadResult(ReadStatus.NotYet, null);
        using var bytes = shards.Read(key);
        if (bytes is null)
            return new ReadResult(ReadStatus.NotFound, null);
        var record = InstanceRecord.Read(bytes.Span);
        var envelope = Instances.Envelopes.Of(shards.View, record, bytes.Span, shards.Generation);
        if (receipt is not null && IsPastQuarantine(record, receipt.Cut))
            return new ReadResult(ReadStatus.PastQuarantine, envelope);
        // A stopped instance without any good state is shown all the same: that it is stopped is what there is to see.
        return record.HasState || record.Quarantine is not null
            ? new ReadResult(ReadStatus.Found, envelope)
            : new ReadResult(ReadStatus.NotFound, null);
    }

    public Page<KeyInfo> Keys(string prefix, string? after, int take)
    {
        var from = after is null ? null : Cursor.Read(after, 1)[0];
        var found = shards.All.SelectMany(shard => shard.Table.Keys(prefix, from, take + 1))
            .OrderBy(item => item.Key, Instances.Utf8Order.Instance).Take(take + 1).ToList();
        return Paged(found, take,
            item => new KeyInfo(item.Key, item.Committed.Version, new DateTimeOffset(item.Committed.TimeTicks, TimeSpan.Zero)),
            item => Cursor.Of(item.Key));
    }

    public Page<ViewEnvelope> Lookup(string lookup, string value, string? after, int take)
    {
        var index = IndexOf(shards.View.Lookups.Select(definition => definition.Name), "lookup", lookup);
        (string, string)? from = after is not null && Cursor.Read(after, 2) is { } texts ? (texts[0], texts[1]) : null;
        var found = shards.All
            .SelectMany(shard => shard.Table.Lookup(index, value, shards.View.Lookups[index].Prefix, from, take + 1)
                .Select(found => (Shard: shard, found.Item, found.Committed)))
            .OrderBy(found => found.Item).Take(take + 1).ToList();
        return Paged(found, take,
            found => shards.Envelope(found.Shard, found.Item.Key, found.Committed),
            found => Cursor.Of(found.Item.Value, found.Item.Key));
    }

    public IReadOnlyList<ViewEnvelope> Top(string rank, int take)
    {
        var index = IndexOf(shards.View.Ranks.Select(definition => definition.Name), "rank", rank);
        return [.. shards.All
            .SelectMany(shard => shard.Table.Top(index, take).Select(found => (Shard: shard, found.Item, found.Committed)))
            .OrderBy(found => found.Item).Take(take)
            .Select(found => shards.Envelope(found.Shard, found.Item.Entry.Key, found.Committed))];
    }

    /// <summary>Waits until the key's shard has dealt with a cut, or the instance is known to be stopped inside it; false if the time was over first.</summary>
    public async ValueTask<bool> ReachedAsync(string key, Cut cut, TimeSpan wait, CancellationToken cancellationToken)
    {
        var shard = shards.Of(key);
        if (shard.Signal.Watermark.Covers(cut))
            return true;
        // What stands behind a quarantine is held: waiting would not help, so the caller is told at once.
        using (var bytes = shards.Read(key))
            if (bytes is not null && IsPastQuarantine(InstanceRecord.Read(bytes.Span), cut))
                return true;
        if (wait <= TimeSpan.Zero)
            return false;
        using var deadline = new CancellationTokenSource(wait, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await shard.Signal.WaitAsync(cut, linked.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>True if an event that is held for the instance lies inside a cut.</summary>
    public static bool IsPastQuarantine(InstanceRecord record, Cut cut)
    {
        for (var i = 0; record.Quarantine is not null && i < record.HeldFrom.Count; i++)
            if (cut.Contains(record.HeldFrom[i]))
                return true;
        return false;
    }

    private int IndexOf(IEnumerable<string> names, string kind, string name)
    {
        var index = names.ToList().IndexOf(name);
        return index >= 0 ? index : throw new UnknownIndexException(shards.View.Name, kind, name);
    }

    private static Page<TItem> Paged<TFound, TItem>(List<TFound> found, int take, Func<TFound, TItem> item, Func<TFound, string> cursor) =>
        new([.. found.Take(take).Select(item)], found.Count > take ? cursor(found[take - 1]) : null);
}
