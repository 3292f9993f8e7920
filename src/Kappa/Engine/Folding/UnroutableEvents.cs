using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Log;

namespace Kappa.Engine.Folding;

/// <summary>
/// The events held at the view itself. Every shard keeps them, in its store, one record each: each has
/// passed them at a moment of its own, and which shard they belong to is not known before they can be routed. At the
/// bound the view stops instead of going on: so many point to a fault in its code, and nothing is skipped.
/// </summary>
internal sealed class UnroutableEvents
{
    public const int HeldMax = 100_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<Position, (string Reason, StoreAddress Address)> _held = [];
    private readonly Dictionary<Position, StoreAddress> _released = [];
    private readonly RecordWriter _record = new();

    public long Count
    {
        get
        {
            lock (_gate)
                return _held.Count;
        }
    }

    public List<UnroutableRecord> Read(Position? after, int take)
    {
        lock (_gate)
            return [.. _held.Where(held => after is null || held.Key > after)
                .Take(take).Select(held => new UnroutableRecord(held.Key, true, held.Value.Reason))];
    }

    public bool Contains(Position position)
    {
        lock (_gate)
            return _held.ContainsKey(position);
    }

    /// <summary>Stages a record for the shard's next commit.</summary>
    public void Put(ShardStore store, UnroutableRecord unroutable)
    {
        lock (_gate)
        {
            StoreAddress? replaces = _held.TryGetValue(unroutable.Position, out var held) ? held.Address
                : _released.TryGetValue(unroutable.Position, out var released) ? released : null;
            if (unroutable.Held && replaces is null && _held.Count >= HeldMax)
                throw new InvalidOperationException(
                    $"More than {HeldMax} events could not be routed, the last at {unroutable.Position} ({unroutable.Reason}). Mend the view's key selectors or event types, then start again.");
            _record.Clear();
            unroutable.Write(_record);
            Set(unroutable, store.Put(_record.Written, replaces));
        }
    }

    /// <summary>Takes a stored record in; returns the address of the one that it replaces.</summary>
    public StoreAddress? Set(UnroutableRecord unroutable, StoreAddress address)
    {
        lock (_gate)
        {
            var was = AddressOf(unroutable.Position);
            if (unroutable.Held)
                _held[unroutable.Position] = (unroutable.Reason, address);
            else
            {
                _held.Remove(unroutable.Position);
                _released[unroutable.Position] = address;
            }
            return was;
        }
    }

    public StoreAddress? AddressOf(Position position)
    {
        lock (_gate)
            return _held.TryGetValue(position, out var held) ? held.Address
                : _released.TryGetValue(position, out var released) ? released : null;
    }
}
