using System.Text;
using Kappa.Engine.Folding;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Events;
using Kappa.Grains.Indexes;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>
/// An instance in the memory of its grain: the core's <see cref="ViewInstance{TState}"/> with what its document needs besides. Knows
/// nothing of Orleans but the form of the document. Not thread-safe.
/// </summary>
internal sealed class FoldedState<TState> where TState : class, IViewState<TState>
{
    /// <summary>
    /// The largest state as JSON together with its lookup values: with what its document holds besides (a reason, positions that wait for their auditors) it
    /// stays within the 960 KiB that table storage has room for.
    /// </summary>
    public const int StateBytesMax = 800 << 10;

    private readonly IndexValues<TState> _index;
    private readonly ViewRouter<TState> _router;
    private PartitionMarks _audited;

    private FoldedState(View<TState> view, ViewRouter<TState> router, string key) => (_index, _router, Instance) = (new IndexValues<TState>(view), router, new ViewInstance<TState>(key));

    public ViewInstance<TState> Instance { get; }

    /// <summary>Raised by each re-fold that changes the order of events.</summary>
    public long Generation { get; set; }

    public HistoryPointers Applied { get; set; } = HistoryPointers.None;
    public HistoryPointers Held { get; set; } = HistoryPointers.None;

    /// <summary>The sequence of a partition below which its positions were proven.</summary>
    public long Audited(int partition) => Math.Max(0, _audited.Of(partition));

    public bool IsAudited(Position position) => position.Sequence < _audited.Of(position.Partition);

    public void SetAudited(int partition, long next)
    {
        if (next > Audited(partition))
            _audited.Set(new Position(partition, next));
    }

    public static FoldedState<TState> Fresh(View<TState> view, ViewRouter<TState> router, string key) => new(view, router, key);

    /// <exception cref="InvalidDataException">The state type no longer reads what it wrote.</exception>
    public static FoldedState<TState> Load(View<TState> view, ViewRouter<TState> router, string key, InstanceDocument document)
    {
        var loaded = Fresh(view, router, key);
        foreach (var mark in document.Audited)
            loaded._audited.Set(PositionList.Unpack(mark));
        if (document.Record.Length == 0)
            return loaded;
        var record = InstanceRecord.Read(document.Record);
        var state = record.HasState ? InstanceLoader<TState>.StateOf(document.Record.AsSpan(record.StateOffset)) : null;
        loaded.Instance.Load(state, record.Version, record.Digest, record.Last, record.TimeTicks, record.AppendedTicks, record.Seen,
            record.Quarantine, record.HeldCount, record.HeldFrom);
        loaded.Instance.Applied.TakeOver(record.AppliedTail);
        if (record.HeldTail.Count > 0)
            loaded.Instance.Held.TakeOver(record.HeldTail);
        (loaded.Generation, loaded.Applied, loaded.Held) = (record.Generation, record.Applied, record.Held);
        return loaded;
    }

    /// <summary>The same instance as if nothing were held for it: what a retry folds on from.</summary>
    public static FoldedState<TState> LoadReleased(View<TState> view, ViewRouter<TState> router, string key, InstanceDocument document)
    {
        var released = Load(view, router, key, document);
        var instance = released.Instance;
        var seen = instance.Seen;
        for (var i = 0; i < instance.HeldFrom.Count; i++)
            seen.Set(instance.HeldFrom[i] with { Sequence = instance.HeldFrom[i].Sequence - 1 });
        instance.Load(instance.State, instance.Version, instance.Digest, instance.Last, instance.TimeTicks, instance.AppendedTicks, seen);
        instance.Held.Clear();
        released.Held = HistoryPointers.None;
        return released;
    }

    /// <summary>Takes over how far another one was audited.</summary>
    public void AuditedAs(FoldedState<TState> other) => _audited = other._audited;

    /// <summary>Writes the state and works out by what it is found, and no more. Throws what an author's state or selector throws.</summary>
    /// <exception cref="InvalidOperationException">It is too large for a document.</exception>
    public void Probe(StateScratch<TState> scratch)
    {
        _index.Take(Instance.State);
        scratch.State.Clear();
        if (Instance.State is not null)
            scratch.States.Write(scratch.State, Instance.State);
        var lookups = 0L;
        foreach (var value in _index.Lookups)
            lookups += value is null ? 0 : Encoding.UTF8.GetByteCount(value);
        if (scratch.State.Length + lookups > StateBytesMax)
            throw new InvalidOperationException($"The state has {scratch.State.Length} bytes as JSON and its lookup values have {lookups}; here they may have {StateBytesMax} together.");
    }

    /// <summary>Gives it an event. An event that is not routed to it changes nothing: whoever delivered it may be wrong, the auditor is not.</summary>
    /// <returns>What the fold threw; then the state may be half changed, and must be thrown away.</returns>
    public Exception? Take(in RecordedEvent recorded)
    {
        var keys = default(RoutedKeys);
        var route = _router.Route(recorded, ref keys);
        if (route.Status != RouteStatus.Routed || !Contains(keys, Instance.Key))
            return null;
        Instance.Take(route.Handler, route.Type, route.Decoded, recorded, out var failure);
        return failure;
    }

    /// <summary>The document as it is to be stored, with the state as <see cref="Probe"/> has just written it.</summary>
    public InstanceDocument Write(StateScratch<TState> scratch)
    {
        var record = scratch.Record;
        record.Clear();
        InstanceRecord.WriteHead(record, Instance, Generation, Applied, Held, -1, _index.Lookups, _index.Ranks);
        record.Raw(scratch.State.Written);
        var audited = new ulong[_audited.Count];
        for (var i = 0; i < audited.Length; i++)
            audited[i] = PositionList.Pack(_audited[i]);
        return InstanceDocument.Of(record.Written.ToArray(), audited);
    }

    /// <summary>What the index is to know of what <see cref="Probe"/> wrote.</summary>
    public IndexEntry Entry() => new(Instance.Key, Instance.Version, Generation, Instance.TimeTicks, Instance.State is not null, Instance.HeldCount,
        [.. _index.Lookups], [.. _index.Ranks]);

    private static bool Contains(in RoutedKeys keys, string key)
    {
        for (var i = 0; i < keys.Count; i++)
            if (keys[i] == key)
                return true;
        return false;
    }
}
