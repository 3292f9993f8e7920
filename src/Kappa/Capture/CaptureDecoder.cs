using System.Buffers.Binary;
using Kappa.Capture.Avro;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// Puts the records of one of our own blocks together again, without an object or a text per event. The bytes are those
/// that were captured: the caller has checked their CRC. Used by one thread.
/// </summary>
internal ref struct CaptureDecoder(byte[] records, RecordedEvent[] events, int partition)
{
    // Shorter than what Avro's names and lengths took, always: see CaptureEncoder.
    private readonly byte[] _records = records;
    private readonly RecordedEvent[] _events = events;
    private ReadOnlySpan<byte> _timeText;
    private long _ticks;
    private int _used;
    private byte[] _extensions = [];

    public int Count { get; private set; }

    /// <summary>Decodes a block; of its events those from a sequence on are handed out.</summary>
    public void Add(ReadOnlySpan<byte> block, in CaptureBlock place, long from, string file)
    {
        var cursor = new AvroCursor(block, file, place.Offset);
        if (cursor.Long() != place.Count || cursor.Long() != block.Length - cursor.At - CaptureHeader.SyncBytes)
            throw cursor.Corrupt("the block is not the one that the index knows");
        var end = block.Length - CaptureHeader.SyncBytes;
        for (var sequence = place.First; sequence < place.Next; sequence++)
            Event(ref cursor, sequence, sequence >= from);
        if (cursor.At != end)
            throw cursor.Corrupt($"{place.Count} events should end the block");
        // What it points at is gone with the block.
        _timeText = default;
    }

    private void Event(scoped ref AvroCursor cursor, long sequence, bool isWanted)
    {
        if (cursor.Long() != sequence)
            throw cursor.Corrupt($"here should stand the event with sequence {sequence}");
        cursor.Bytes();
        cursor.Bytes();
        var parts = new EventParts();
        for (var count = cursor.BlockCount(); count != 0; count = cursor.BlockCount())
            for (; count > 0; count--)
                if (cursor.Bytes().SequenceEqual("content-type"u8))
                    parts.DataContentType = Text(ref cursor);
                else
                    Text(ref cursor);
        ReadOnlySpan<byte> kind = default, kinds = default;
        var (extensionsAt, extensions) = (0, 0);
        for (var count = cursor.BlockCount(); count != 0; count = cursor.BlockCount())
            for (; count > 0; count--)
            {
                var at = cursor.At;
                var name = cursor.Bytes();
                var value = Text(ref cursor);
                if (name.StartsWith("cloudEvents:"u8))
                {
                    if (!Set(ref parts, name["cloudEvents:".Length..], value) && extensions++ == 0)
                        extensionsAt = at;
                }
                else if (name.SequenceEqual("kappa:time"u8))
                    Time(value, in cursor);
                else if (name.SequenceEqual("kappa:data"u8))
                    kind = value;
                else if (name.SequenceEqual("kappa:kinds"u8))
                    kinds = value;
            }
        var hasBody = cursor.Long() != 0;
        if (hasBody)
            parts.Data = cursor.Bytes();
        if (isWanted)
            Record(in cursor, ref parts, hasBody, kind, sequence, extensionsAt, extensions, kinds);
    }

    private static bool Set(ref EventParts parts, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("id"u8): parts.Id = value; return true;
            case 4 when name.SequenceEqual("type"u8): parts.Type = value; return true;
            case 4 when name.SequenceEqual("time"u8): parts.Time = value; return true;
            case 6 when name.SequenceEqual("source"u8): parts.Source = value; return true;
            case 7 when name.SequenceEqual("subject"u8): parts.Subject = value; return true;
            case 10 when name.SequenceEqual("dataschema"u8): parts.DataSchema = value; return true;
            case 11 when name.SequenceEqual("specversion"u8): return true;
            default: return false;
        }
    }

    private void Record(scoped in AvroCursor cursor, scoped ref EventParts parts, bool hasBody, ReadOnlySpan<byte> kind, long sequence, int extensionsAt, int extensions, ReadOnlySpan<byte> kinds)
    {
        parts.DataKind = !hasBody ? EventDataKind.None
            : kind.IsEmpty ? !parts.DataContentType.IsEmpty && MediaType.IsJson(parts.DataContentType) ? EventDataKind.Json : EventDataKind.Binary
            : kind[0] == 'j' ? EventDataKind.Json
            : EventDataKind.Binary;
        if (kind.SequenceEqual("json-implied"u8))
            parts.DataContentType = default;
        if (parts.Id.IsEmpty || _timeText.IsEmpty)
            throw cursor.Corrupt($"the event with sequence {sequence} lacks its id or its append time");
        parts.Extensions = extensions == 0 ? default : Extensions(in cursor, extensionsAt, extensions, kinds);
        var size = (int)parts.RecordBytes;
        if (size > _records.Length - _used)
            throw cursor.Corrupt($"the event with sequence {sequence} is larger than it can have been");
        parts.CopyTo(_records.AsSpan(_used, size));
        _events[Count++] = new RecordedEvent(_records.AsMemory(_used, size), new Position(partition, sequence), _ticks);
        _used += size;
    }

    private ReadOnlySpan<byte> Extensions(scoped in AvroCursor cursor, int at, int count, ReadOnlySpan<byte> kinds)
    {
        var start = cursor;
        start.At = at;
        var bytes = 0;
        var sizing = start;
        for (var i = 0; i < count; i++)
            bytes += EventExtensions.EntryHeaderBytes + sizing.Bytes().Length - "cloudEvents:".Length + Text(ref sizing).Length;
        if (_extensions.Length < bytes)
            _extensions = new byte[2 * bytes];
        var rest = _extensions.AsSpan(0, bytes);
        for (var i = 0; i < count; i++)
        {
            var name = start.Bytes()["cloudEvents:".Length..];
            var value = Text(ref start);
            rest[0] = i < kinds.Length ? (byte)(kinds[i] - '0') : (byte)0;
            rest[1] = (byte)name.Length;
            BinaryPrimitives.WriteInt32LittleEndian(rest[2..], value.Length);
            name.CopyTo(rest[EventExtensions.EntryHeaderBytes..]);
            value.CopyTo(rest[(EventExtensions.EntryHeaderBytes + name.Length)..]);
            rest = rest[(EventExtensions.EntryHeaderBytes + name.Length + value.Length)..];
        }
        return _extensions.AsSpan(0, bytes);
    }

    /// <summary>Our own properties are all texts.</summary>
    private static ReadOnlySpan<byte> Text(scoped ref AvroCursor cursor) =>
        cursor.Long() == 2 ? cursor.Bytes() : throw cursor.Corrupt("a property of ours is no text");

    private void Time(ReadOnlySpan<byte> text, scoped in AvroCursor cursor)
    {
        if (text.SequenceEqual(_timeText))
            return;
        if (!Rfc3339.TryParse(text, out _ticks))
            throw cursor.Corrupt("an append time cannot be read");
        _timeText = text;
    }
}
