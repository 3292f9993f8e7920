using System.Buffers.Binary;
using Kappa.Events;
using Kappa.Log;
using Orleans;

namespace Kappa.Grains.Streams;

/// <summary>
/// Recorded events of one partition in order of sequence, some of them left out, as they travel between silos: each as it stands in the log
/// behind its sequence, append time and length. Immutable; its events are valid as long as it is.
/// <code>sequence i64 · appended i64 · length i32 · record, … (little endian)</code>
/// </summary>
[GenerateSerializer, Immutable]
public sealed class EventRun
{
    private const int HeadBytes = 20;

    [Id(0)] private readonly int _partition;
    [Id(1)] private readonly byte[] _bytes;
    [Id(2)] private readonly int _count;

    private EventRun(int partition, byte[] bytes, int count) => (_partition, _bytes, _count) = (partition, bytes, count);

    public int Partition => _partition;
    public int Count => _count;

    /// <summary>What it takes in memory, about.</summary>
    public int Bytes => _bytes.Length;

    /// <summary>Copies the events at some places of a page.</summary>
    public static EventRun Of(int partition, ReadOnlySpan<RecordedEvent> events, ReadOnlySpan<int> places)
    {
        var length = 0;
        foreach (var place in places)
            length += HeadBytes + events[place].Record.Length;
        var bytes = new byte[length];
        var rest = bytes.AsSpan();
        foreach (var place in places)
        {
            ref readonly var recorded = ref events[place];
            BinaryPrimitives.WriteInt64LittleEndian(rest, recorded.Position.Sequence);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], recorded.AppendedTicks);
            BinaryPrimitives.WriteInt32LittleEndian(rest[16..], recorded.Record.Length);
            recorded.Record.Span.CopyTo(rest[HeadBytes..]);
            rest = rest[(HeadBytes + recorded.Record.Length)..];
        }
        return new EventRun(partition, bytes, places.Length);
    }

    public List<RecordedEvent> Read()
    {
        var events = new List<RecordedEvent>(_count);
        for (ReadOnlyMemory<byte> rest = _bytes; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span[16..]);
            events.Add(new RecordedEvent(rest.Slice(HeadBytes, length), new Position(_partition, BinaryPrimitives.ReadInt64LittleEndian(rest.Span)),
                BinaryPrimitives.ReadInt64LittleEndian(rest.Span[8..])));
            rest = rest[(HeadBytes + length)..];
        }
        return events;
    }
}
