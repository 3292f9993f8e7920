using Kappa.Engine.History;
using Kappa.Engine.Reading;
using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Repair;

/// <summary>Quarantines of one build: what is stopped, and folding on after the cause was mended. Thread-safe.</summary>
internal sealed class ViewRepairs<TState>(ShardSet<TState> shards, ILogReader log, ViewRouter<TState> router, TimeProvider time, CancellationToken stopped)
    where TState : class, IViewState<TState>
{
    /// <summary>Held events are folded in slices of so many (or an eighth of them), so that other instances of the shard go on meanwhile.</summary>
    private const int SliceEvents = 2_000;

    /// <summary>Events held at the view after a position, then quarantined instances after a key.</summary>
    public List<QuarantineItem> Read(Position? afterPosition, string? afterKey, int take)
    {
        var name = shards.View.Name;
        var items = new List<QuarantineItem>();
        if (afterKey is null)
            items.AddRange(shards.Unroutable(afterPosition, take)
                .Select(held => new QuarantineItem(name, null, held.Position, held.Reason, 1)));
        var keys = shards.All.SelectMany(shard => shard.Table.Quarantined(afterKey, take).Select(entry => entry.Key))
            .Order(Instances.Utf8Order.Instance).Take(take - items.Count);
        foreach (var key in keys)
            using (var bytes = shards.Read(key))
                if (bytes is not null && InstanceRecord.Read(bytes.Span) is { Quarantine: { } quarantine } record)
                    items.Add(new QuarantineItem(name, key, quarantine.Position, quarantine.Reason, record.HeldCount));
        return items;
    }

    public async Task<RetryResult> RetryAsync(string key, CancellationToken cancellationToken)
    {
        for (var applied = 0L; ;)
        {
            var slice = await shards.Of(key).AskAsync(fold => fold.RetryAsync(key, SliceEvents, stopped), cancellationToken).ConfigureAwait(false);
            applied += slice.Applied;
            if (slice.Status == RetryStatus.NotQuarantined && applied > 0)
                return new RetryResult(RetryStatus.Released, applied, 0, null);
            // A slice that applied nothing has met an event that the fold still cannot take.
            if (slice.Status != RetryStatus.StillQuarantined || slice.Applied == 0)
                return slice with { Applied = applied };
        }
    }

    public async Task<RetryResult> RetryAsync(Position position, CancellationToken cancellationToken)
    {
        if (!shards.All.Any(shard => shard.Unroutable.Contains(position)))
            return new RetryResult(RetryStatus.NotQuarantined, 0, 0, null);
        using var fetcher = new EventFetcher(log);
        var recorded = await fetcher.GetAsync(position, cancellationToken).ConfigureAwait(false);
        var keys = default(RoutedKeys);
        var route = router.Route(recorded, ref keys);
        if (route.Status == RouteStatus.Unroutable)
            return new RetryResult(RetryStatus.StillQuarantined, 0, 1, new Quarantine(position, route.Problem!));
        // A shard that has not come to it yet must do so first, or its earlier events would be taken for repeats.
        var past = Cut.Zero.With(position.Partition, position.Sequence + 1);
        foreach (var shard in shards.All)
            await shard.Signal.WaitAsync(past, cancellationToken).ConfigureAwait(false);
        var (applied, generation) = (0L, Math.Max(time.GetUtcNow().Ticks, shards.Generation + 1));
        for (var k = 0; k < keys.Count; k++)
        {
            var key = keys[k];
            var (inserted, refused) = await shards.Of(key).AskAsync(fold => fold.InsertAsync(key, position, generation, stopped), cancellationToken).ConfigureAwait(false);
            // One that was given to the instance but stopped it is held there now, no longer here.
            if (refused)
                return inserted with { Applied = applied };
            applied += inserted.Applied;
        }
        foreach (var shard in shards.All)
            await shard.AskAsync(_ =>
            {
                shard.Unroutable.Put(shard.Store, new UnroutableRecord(position, false, ""));
                return ValueTask.FromResult(true);
            }, cancellationToken).ConfigureAwait(false);
        return new RetryResult(RetryStatus.Released, applied, 0, null);
    }
}
