using System.Buffers.Binary;

namespace Kappa.Log;

/// <summary>
/// What stands before the events of a frame. Little endian, pinned by golden files.
/// <code>
///    0        4        5        6           8            16       20       24           32           40       44       48
///   +--------+--------+--------+-----------+------------+--------+--------+------------+------------+--------+--------+---------
///   | magic  | format | flags  | partition | base       | count  | payload| append     | base       | CRC of | CRC-32C| per event
///   | F5 K L | = 1    |        | u16       | sequence   | of     | bytes  | time,      | sequence of| the    | of all | u32 length
///   | F      |        |        |           | i64        | events | i32    | UTC ticks  | the group  | frame  | the    | and the
///   |        |        |        |           |            | i32    |        | i64        | i64        | before | rest   | record
///   +--------+--------+--------+-----------+------------+--------+--------+------------+------------+--------+--------+---------
/// </code>
/// The magic begins with F5, a byte that no UTF-8 text holds, so that text is never searched in vain. The CRC starts
/// from a seed made of log and partition: a frame of another log or partition is never taken for one of this. Each
/// frame names the CRC of the one before: a frame left behind by a failed write is never taken for the next one.
/// </summary>
internal readonly struct FrameHeader
{
    public const int Bytes = 48;
    public const byte Format = 1;

    /// <summary>The most bytes of a frame, header included, unless a single event is larger.</summary>
    public const int FrameBytesMax = 64 << 10;

    /// <summary>The last frame of what was written at once. A group without it is incomplete and counts as never written.</summary>
    public const byte LastOfGroup = 1;

    /// <summary>Everything before this group had been flushed to the device when it was written: it cannot be a torn tail.</summary>
    public const byte PriorFlushed = 2;

    private const int CrcAt = 44;

    public static ReadOnlySpan<byte> Magic => [0xF5, (byte)'K', (byte)'L', (byte)'F'];

    public byte Flags { get; init; }
    public int Partition { get; init; }
    public long Base { get; init; }
    public int Count { get; init; }
    public int PayloadBytes { get; init; }
    public long Ticks { get; init; }
    public long GroupBase { get; init; }
    public uint PreviousCrc { get; init; }
    public uint Crc { get; init; }

    public long Next => Base + Count;
    public int FrameBytes => Bytes + PayloadBytes;
    public bool IsLastOfGroup => (Flags & LastOfGroup) != 0;
    public bool IsPriorFlushed => (Flags & PriorFlushed) != 0;

    /// <summary>Where the CRC of a log's partition starts from.</summary>
    public static uint Seed(long logId, int partition)
    {
        Span<byte> bytes = stackalloc byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, logId);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], (ushort)partition);
        return Crc32C.Of(bytes);
    }

    /// <summary>False if these bytes cannot begin a frame. True proves nothing yet: see <see cref="IsIntact"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < Bytes || !bytes.StartsWith(Magic) || bytes[4] != Format)
            return false;
        header = new FrameHeader
        {
            Flags = bytes[5],
            Partition = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            Base = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            Count = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            PayloadBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            Ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            GroupBase = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            PreviousCrc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]),
            Crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]),
        };
        return header is { Count: > 0, Base: >= 0, GroupBase: >= 0, Ticks: >= 0, Flags: <= (LastOfGroup | PriorFlushed) }
            && header.GroupBase <= header.Base
            && header.PayloadBytes >= 4L * header.Count
            && header.PayloadBytes <= int.MaxValue - Bytes
            && (header.FrameBytes <= FrameBytesMax || header.Count == 1);
    }

    /// <summary>Writes the header before a payload that already stands in the frame, and returns the frame's CRC.</summary>
    public uint Write(Span<byte> frame, uint seed)
    {
        Magic.CopyTo(frame);
        frame[4] = Format;
        frame[5] = Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[6..], (ushort)Partition);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], Base);
        BinaryPrimitives.WriteInt32LittleEndian(frame[16..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(frame[20..], PayloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], GroupBase);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[40..], PreviousCrc);
        var crc = CrcOf(frame, seed);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[CrcAt..], crc);
        return crc;
    }

    /// <summary>True if the frame, header and payload, is to the bit what was written.</summary>
    public bool IsIntact(ReadOnlySpan<byte> frame, uint seed) => CrcOf(frame[..FrameBytes], seed) == Crc;

    private static uint CrcOf(ReadOnlySpan<byte> frame, uint seed) => Crc32C.Of(frame[Bytes..], Crc32C.Of(frame[..CrcAt], seed));
}
