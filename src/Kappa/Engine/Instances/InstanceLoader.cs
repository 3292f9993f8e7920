using System.Text.Json;
using Kappa.Engine.Builds;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Views;

namespace Kappa.Engine.Instances;

/// <summary>Brings instances into memory: from their record, or fresh.</summary>
internal sealed class InstanceLoader<TState>(ShardStore store, BuildGeneration generation) where TState : class, IViewState<TState>
{
    /// <summary>Besides the state itself: entry, lists, table. Measured on the shipped views, not exact.</summary>
    private const int OverheadBytes = 400;

    /// <summary>The objects of a state take about so much more than its JSON.</summary>
    private const int StateFactor = 3;

    /// <summary>The instance as it was committed last.</summary>
    public HotInstance<TState> Load(InstanceEntry entry)
    {
        if (entry.Committed is not { } committed)
            return Fresh(entry, generation.Value);
        using var bytes = Read(committed.Address);
        var record = InstanceRecord.Read(bytes.Span, entry.Key);
        var state = record.HasState ? StateOf(bytes.Span[record.StateOffset..]) : null;
        var hot = Hot(entry, state, record, record.Quarantine, record.HeldCount, record.Seen, record.HeldFrom);
        if (record.HeldTail.Count > 0)
            hot.Instance.Held.TakeOver(record.HeldTail);
        hot.Held = record.Held;
        hot.Bytes = BytesOf(bytes.Length - record.StateOffset);
        return hot;
    }

    /// <summary>The instance as it was committed last, as if nothing were held for it: what a retry folds on from.</summary>
    public HotInstance<TState> LoadReleased(InstanceEntry entry)
    {
        using var bytes = Read(entry.Committed!.Value.Address);
        var record = InstanceRecord.Read(bytes.Span, entry.Key);
        var seen = record.Seen;
        for (var i = 0; i < record.HeldFrom.Count; i++)
            seen.Set(record.HeldFrom[i] with { Sequence = record.HeldFrom[i].Sequence - 1 });
        var state = record.HasState ? StateOf(bytes.Span[record.StateOffset..]) : null;
        var hot = Hot(entry, state, record, null, 0, seen, default);
        hot.Bytes = BytesOf(bytes.Length - record.StateOffset);
        return hot;
    }

    /// <summary>The instance before its first event.</summary>
    public static HotInstance<TState> Fresh(InstanceEntry entry, long generation) =>
        new(entry, new ViewInstance<TState>(entry.Key), generation) { Bytes = OverheadBytes };

    public static int BytesOf(int stateBytes) => OverheadBytes + StateFactor * stateBytes;

    /// <exception cref="InvalidDataException">The state type no longer reads what it wrote.</exception>
    public static TState StateOf(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TState.Json) ?? throw new JsonException("It reads as null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"A stored {typeof(TState).Name} cannot be read back: its code changed; give the view a new version. {e.Message}", e);
        }
    }

    /// <summary>On the shard's own thread nothing is moved away from under an address that the table holds.</summary>
    private PooledBytes Read(StoreAddress address) => store.TryRead(address, out var bytes)
        ? bytes
        : throw new InvalidOperationException($"The table points at {address}, where the store has no record.");

    private HotInstance<TState> Hot(InstanceEntry entry, TState? state, InstanceRecord record, Quarantine? quarantine,
        long held, in PartitionMarks seen, in PartitionMarks heldFrom)
    {
        var instance = new ViewInstance<TState>(entry.Key);
        instance.Load(state, record.Version, record.Digest, record.Last, record.TimeTicks, record.AppendedTicks,
            seen, quarantine, held, heldFrom);
        instance.Applied.TakeOver(record.AppliedTail);
        return new HotInstance<TState>(entry, instance, Math.Max(record.Generation, generation.Value))
        {
            Applied = record.Applied, LastCheckpoint = record.LastCheckpoint, CommittedVersion = record.Version,
        };
    }
}
