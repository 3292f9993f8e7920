using Kappa.Engine.Builds;
using Kappa.Engine.Folding;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Reading;

/// <summary>The shards of one build, and how to find and read an instance in them. Thread-safe.</summary>
internal sealed class ShardSet<TState>(View<TState> view, Shard<TState>[] shards, BuildGeneration generation)
    where TState : class, IViewState<TState>
{
    public View<TState> View { get; } = view;
    public IReadOnlyList<Shard<TState>> All { get; } = shards;
    public long Generation => generation.Value;

    public Shard<TState> Of(string key) => shards[PartitionFeed<TState>.ShardOf(key, shards.Length)];

    /// <summary>Up to where every shard is committed.</summary>
    public Cut Watermark => shards.Select(shard => shard.Watermark).Aggregate(Cut.Min);

    /// <summary>The events held at the view after a position: those that any shard recorded.</summary>
    public List<UnroutableRecord> Unroutable(Position? after, int take) =>
        [.. All.SelectMany(shard => shard.Unroutable.Read(after, take)).DistinctBy(held => held.Position).OrderBy(held => held.Position).Take(take)];

    /// <summary>The committed record of an instance; null if it has none.</summary>
    public static PooledBytes? Read(Shard<TState> shard, string key)
    {
        // Cleaning may move a record between the two steps; then its new place is known already.
        while (shard.Table.TryGet(key, out var entry) && entry.Committed is { } committed)
            if (shard.Store.TryRead(committed.Address, out var bytes))
                return bytes;
        return null;
    }

    public PooledBytes? Read(string key) => Read(Of(key), key);

    /// <summary>The envelope of an instance; null if it was never committed.</summary>
    public ViewEnvelope? Envelope(string key)
    {
        using var bytes = Read(key);
        return bytes is null ? null : Envelope(bytes);
    }

    /// <summary>The envelope as it was at one commit, or a later one if cleaning has taken that record away.</summary>
    public ViewEnvelope Envelope(Shard<TState> shard, string key, CommittedInstance committed)
    {
        var found = shard.Store.TryRead(committed.Address, out var at);
        using var bytes = found ? at! : Read(shard, key)!;
        return Envelope(bytes);
    }

    private ViewEnvelope Envelope(PooledBytes bytes) => Envelopes.Of(View, InstanceRecord.Read(bytes.Span), bytes.Span, Generation);
}
