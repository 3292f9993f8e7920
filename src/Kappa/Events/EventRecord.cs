using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Kappa.Events;

/// <summary>
/// The bytes of one event, made once when it is appended and never re-encoded: the log's frames hold them as they are.
/// Little endian, pinned by golden files.
/// <code>
///   0        1        2                10               10+4*8=42
///   +--------+--------+----------------+----------------+------------------------------------+------
///   | format | data   | time, UTC      | end of each of | id source type subject time        | data
///   | = 1    | kind   | ticks; min =   | the 8 fields,  | datacontenttype dataschema         | to
///   |        |        | no time        | u32, from 42   | extensions                         | the end
///   +--------+--------+----------------+----------------+------------------------------------+------
/// </code>
/// A field that is absent is empty. Texts are UTF-8. The extensions are laid out as <see cref="EventExtensions"/> says.
/// </summary>
public static class EventRecord
{
    public const byte Format = 1;
    public const int HeaderBytes = 42;
    public const int FieldCount = 8;
    public const long NoTime = long.MinValue;

    private const int EndsAt = 10;

    public static EventDataKind DataKind(ReadOnlySpan<byte> record) => (EventDataKind)record[1];

    public static long TimeTicks(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[2..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> record, EventField field)
    {
        var start = field == EventField.Id ? 0 : End(record, (int)field - 1);
        return record[(HeaderBytes + start)..(HeaderBytes + End(record, (int)field))];
    }

    public static ReadOnlyMemory<byte> Data(ReadOnlyMemory<byte> record) =>
        record[(HeaderBytes + End(record.Span, FieldCount - 1))..];

    public static ReadOnlySpan<byte> PartitionKey(ReadOnlySpan<byte> record)
    {
        var extensions = new EventExtensions(Field(record, EventField.Extensions));
        if (!extensions.IsEmpty && extensions.TryGet("partitionkey"u8, out var key) && !key.IsEmpty)
            return key;
        var subject = Field(record, EventField.Subject);
        return subject.IsEmpty ? Field(record, EventField.Id) : subject;
    }

    /// <summary>How many bytes a record with fields and data of these lengths takes.</summary>
    public static int Size(int fieldBytes, int dataBytes) => HeaderBytes + fieldBytes + dataBytes;

    /// <summary>Writes the fixed part; the caller then writes the fields at <see cref="HeaderBytes"/> and the data behind them.</summary>
    public static void WriteHeader(Span<byte> record, EventDataKind kind, long timeTicks, ReadOnlySpan<int> fieldLengths)
    {
        record[0] = Format;
        record[1] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(record[2..], timeTicks);
        uint end = 0;
        for (var i = 0; i < FieldCount; i++)
        {
            end += (uint)fieldLengths[i];
            BinaryPrimitives.WriteUInt32LittleEndian(record[(EndsAt + 4 * i)..], end);
        }
    }

    /// <summary>True if the bytes are a record whose parts lie inside it; what cannot be trusted is checked once with this.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> record)
    {
        if (record.Length < HeaderBytes || record[0] != Format || record[1] > (byte)EventDataKind.Binary)
            return false;
        var last = 0L;
        for (var i = 0; i < FieldCount; i++)
        {
            var end = BinaryPrimitives.ReadUInt32LittleEndian(record[(EndsAt + 4 * i)..]);
            if (end < last || end > record.Length - HeaderBytes)
                return false;
            last = end;
        }
        return EventExtensions.IsWellFormed(Field(record, EventField.Extensions));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int End(ReadOnlySpan<byte> record, int field) =>
        (int)BinaryPrimitives.ReadUInt32LittleEndian(record[(EndsAt + 4 * field)..]);
}
