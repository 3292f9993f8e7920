using System.Runtime.InteropServices;
using Kappa.Engine.Records;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>
/// Reads one partition for one runner, from where its shards stand, forever: decodes and routes each event once, and
/// hands every shard its part of each run. Waits where a shard is full, so nothing piles up.
/// </summary>
internal sealed class PartitionFeed<TState>(ILogReader log, int partition, ViewRouter<TState> router, Shard<TState>[] shards, FeedGate gate, Func<RebuildPace?> pace)
    where TState : class, IViewState<TState>
{
    /// <summary>A run read at once: small enough to be handed on soon, large enough that its cost is spread.</summary>
    private const int RunBytes = 512 << 10;

    /// <summary>From so many events behind the end on, shards fold in bulk.</summary>
    private const long BehindEvents = 4_096;

    private readonly DeliveryLists<TState> _lists = new();

    public async Task RunAsync(CancellationToken stop)
    {
        var from = shards.Min(shard => shard.Watermark[partition]);
        while (true)
        {
            await log.WaitAsync(partition, from, stop).ConfigureAwait(false);
            // The gate first: whoever is held there must not keep other rebuilds from their turn.
            await gate.EnterAsync(partition, stop).ConfigureAwait(false);
            RebuildTurn? turn = null;
            try
            {
                turn = IsBehind(from) && pace() is { IsGentle: true } gentle ? await gentle.TakeTurnAsync(stop).ConfigureAwait(false) : null;
                var page = await log.ReadAsync(partition, from, turn is null ? RunBytes : RebuildPace.GentleRunBytes, stop).ConfigureAwait(false);
                var batches = Route(page, from);
                from = page.Next;
                for (var i = 0; i < batches.Length; i++)
                    await shards[i].GiveAsync(batches[i], stop).ConfigureAwait(false);
            }
            finally
            {
                gate.Leave(partition);
                if (turn is not null)
                    await turn.EndAsync(stop).ConfigureAwait(false);
            }
        }
    }

    private bool IsBehind(long next) => log.Next(partition) - next > BehindEvents;

    private DeliveryBatch<TState>[] Route(LogPage page, long from)
    {
        var behind = IsBehind(page.Next);
        var batches = new DeliveryBatch<TState>[shards.Length];
        for (var i = 0; i < batches.Length; i++)
        {
            if (i > 0)
                page.Retain();
            batches[i] = new DeliveryBatch<TState>(page, partition, from, behind, _lists);
        }
        var keys = default(RoutedKeys);
        var events = page.Events;
        for (var index = 0; index < events.Length; index++)
        {
            ref readonly var recorded = ref events[index];
            var route = router.Route(recorded, ref keys);
            if (route.Status == RouteStatus.Unroutable)
                foreach (var batch in batches)
                    (batch.Unroutable ??= []).Add(new UnroutableRecord(recorded.Position, true, route.Problem!));
            else if (route.Status == RouteStatus.Routed)
                for (var k = 0; k < keys.Count; k++)
                    batches[ShardOf(keys[k], shards.Length)].Deliveries.Add(
                        // Each instance gets a record of its own: a fold may keep parts of it and change them later.
                        new Delivery<TState>(index, keys[k], route.Handler, route.Type, k == 0 ? route.Decoded : null));
        }
        return batches;
    }

    /// <summary>The shard that owns a key. Pinned within a build, whose number of shards is fixed.</summary>
    public static int ShardOf(string key, int shards) =>
        shards == 1 ? 0 : StableHash.Bucket(StableHash.Of(MemoryMarshal.AsBytes(key.AsSpan()), 7), shards);
}
