using System.Text.Json.Serialization.Metadata;

namespace Kappa.Events;

/// <summary>
/// The registry of event types: the one place where wire names meet records. Filled at start, then sealed by its first
/// use; reading it is thread-safe. A duplicate, a gap between versions or a missing upcaster is an error at start.
/// </summary>
public sealed class EventTypes
{
    private readonly Dictionary<byte[], EventType> _byWireName = new(Utf8NameComparer.Instance);
    private readonly Dictionary<byte[], EventType>.AlternateLookup<ReadOnlySpan<byte>> _find;
    private readonly Dictionary<Type, EventType> _byRecord = [];
    private bool _sealed;

    public EventTypes() => _find = _byWireName.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>How many (type, version) pairs are registered; <see cref="EventType.Index"/> runs below it.</summary>
    public int Count => _byWireName.Count;

    public IEnumerable<EventType> All => _byWireName.Values;

    /// <summary>Registers a record as one version of an event type.</summary>
    /// <param name="name">The stable wire name, as in <c>shop.order.placed</c>.</param>
    /// <param name="json">The record's source-generated JSON contract.</param>
    /// <param name="version">1 for the first; later ones get the wire name <c>name.vN</c> and need an upcaster from the one before.</param>
    /// <param name="decoder">Reads the record faster than the JSON contract does, or null.</param>
    public EventTypes Add<T>(string name, JsonTypeInfo<T> json, int version = 1, IEventDecoder<T>? decoder = null)
        where T : class
    {
        ThrowIfSealed();
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(json);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var type = new EventType<T>(name, version, Count, json, decoder);
        if (!_byWireName.TryAdd(type.WireNameUtf8, type))
            throw new InvalidOperationException($"The event type {type.WireName} is registered twice; register it once.");
        if (!_byRecord.TryAdd(typeof(T), type))
            throw new InvalidOperationException(
                $"The record {typeof(T).Name} is registered as {_byRecord[typeof(T)].WireName} and as {type.WireName}; give each its own record.");
        return this;
    }

    /// <summary>Registers how a record of one version becomes one of the next. It must be pure: no clock, no I/O.</summary>
    public EventTypes Upcast<TOld, TNew>(Func<TOld, TNew> lift) where TOld : class where TNew : class
    {
        ThrowIfSealed();
        var (older, newer) = (Of(typeof(TOld)), Of(typeof(TNew)));
        if (older.Name != newer.Name || older.Version + 1 != newer.Version)
            throw new InvalidOperationException(
                $"An upcaster leads from one version of a type to the next, but {older.WireName} to {newer.WireName} does not.");
        if (older.Lift is not null)
            throw new InvalidOperationException($"{older.WireName} has two upcasters; keep one.");
        older.Lift = record => lift((TOld)record);
        older.Next = newer;
        return this;
    }

    /// <summary>Checks that versions run from 1 without gaps and that each but the newest has an upcaster; then nothing can be added.</summary>
    public EventTypes Seal()
    {
        if (_sealed)
            return this;
        foreach (var versions in _byWireName.Values.GroupBy(type => type.Name))
        {
            var ordered = versions.OrderBy(type => type.Version).ToArray();
            for (var i = 0; i < ordered.Length; i++)
            {
                if (ordered[i].Version != i + 1)
                    throw new InvalidOperationException($"{versions.Key} has no version {i + 1}; register it, old events need it.");
                if (i + 1 < ordered.Length && ordered[i].Lift is null)
                    throw new InvalidOperationException($"{ordered[i].WireName} has no upcaster to version {i + 2}; add one with Upcast.");
                ordered[i].Newest = ordered[^1];
            }
        }
        _sealed = true;
        return this;
    }

    /// <summary>The type with this wire name; null if nobody registered it.</summary>
    public EventType? Find(ReadOnlySpan<byte> wireName)
    {
        if (!_sealed)
            Seal();
        return _find.TryGetValue(wireName, out var type) ? type : null;
    }

    /// <summary>The type whose record this is.</summary>
    /// <exception cref="InvalidOperationException">The record is not registered.</exception>
    public EventType Of(Type record) => _byRecord.TryGetValue(record, out var type)
        ? type
        : throw new InvalidOperationException($"The event record {record.Name} is not registered; add it with EventTypes.Add.");

    private void ThrowIfSealed()
    {
        if (_sealed)
            throw new InvalidOperationException("The registry of event types is in use; register all types at start.");
    }
}
