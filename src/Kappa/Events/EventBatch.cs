using System.Buffers;
using Kappa.Log;

namespace Kappa.Events;

/// <summary>
/// Events on their way into the log, already encoded: one growing buffer and one small entry each. Not thread-safe.
/// Fill it through <see cref="Add"/> or <see cref="CloudEventReader"/>, append it, dispose it.
/// </summary>
public sealed class EventBatch : IDisposable
{
    private byte[] _bytes;
    private Entry[] _entries = ArrayPool<Entry>.Shared.Rent(16);
    private int _used;

    public EventBatch(int bytesExpected = 4096) => _bytes = ArrayPool<byte>.Shared.Rent(bytesExpected);

    public int Count { get; private set; }

    /// <summary>The sum of the encoded sizes.</summary>
    public long Bytes => _used;

    public ReadOnlySpan<byte> Record(int index) => _bytes.AsSpan(_entries[index].Offset, _entries[index].Length);

    public ReadOnlyMemory<byte> RecordMemory(int index) => _bytes.AsMemory(_entries[index].Offset, _entries[index].Length);

    /// <summary>The hash of the event's partition key; <see cref="StableHash.Bucket"/> of it is the partition.</summary>
    public ulong PartitionHash(int index) => _entries[index].PartitionHash;

    /// <summary>The hash of (source, id), by which duplicates are found; equal hashes are then compared in full.</summary>
    public ulong IdentityHash(int index) => _entries[index].IdentityHash;

    /// <summary>
    /// Takes an event that was made in code, after the same checks of its attributes as for one that was sent. Its data is
    /// not checked against its registered type: <see cref="CloudEvent.Of"/> makes data that fits, whoever takes it from
    /// elsewhere sends it through <see cref="CloudEventReader"/>.
    /// </summary>
    /// <exception cref="EventRejectedException">The event does not conform to CloudEvents 1.0; the batch is as before.</exception>
    public void Add(CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        CloudEventEncoder.Add(this, cloudEvent);
    }

    /// <summary>
    /// Starts the next event: hands out room for its record. Fill it, then call <see cref="Complete"/>; without that
    /// call the room is handed out again.
    /// </summary>
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - _used < size)
            Grow(ref _bytes, _used, checked(_used + size));
        return _bytes.AsSpan(_used, size);
    }

    /// <summary>Takes the record written into the reserved room into the batch.</summary>
    public void Complete(int size)
    {
        if (Count == _entries.Length)
            Grow(ref _entries, Count, Count + 1);
        var record = _bytes.AsSpan(_used, size);
        _entries[Count++] = new Entry(_used, size, StableHash.Of(EventRecord.PartitionKey(record)), Identity(record));
        _used += size;
    }

    /// <summary>Forgets all events and keeps the buffers.</summary>
    public void Clear() => _used = Count = 0;

    /// <summary>Forgets the events from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        if (count >= Count)
            return;
        _used = _entries[count].Offset;
        Count = count;
    }

    public static ulong Identity(ReadOnlySpan<byte> record) =>
        StableHash.Of(EventRecord.Field(record, EventField.Id), StableHash.Of(EventRecord.Field(record, EventField.Source)));

    public void Dispose()
    {
        if (_entries.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        ArrayPool<Entry>.Shared.Return(_entries);
        (_bytes, _entries) = ([], []);
        _used = Count = 0;
    }

    private static void Grow<T>(ref T[] array, int used, int needed)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(needed, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private readonly record struct Entry(int Offset, int Length, ulong PartitionHash, ulong IdentityHash);
}
