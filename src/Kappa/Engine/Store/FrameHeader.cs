using System.Buffers.Binary;
using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>
/// The head of a commit frame. A segment file is nothing but frames; little-endian throughout:
/// <code>
///   0  FF 4B 53 FE   magic; no UTF-8 text can contain it
///   4  u16           format, 1
///   6  u16           0
///   8  i32           number of the segment that the frame was written to   } so that a frame that
///  12  u32           CRC at the end of the previous commit's frame         } strayed, or is left
///  16  i64           offset of the frame in the segment                    } over, is not believed
///  24  i64           commit number, from 1
///  32  i64           last commit known to be flushed when this was written
///  40  i64           end of history.log after this commit
///  48  i64           how many of its bytes this commit appended
///  56  u32           CRC-32C of those bytes
///  60  i32           length of the records
///  64  i32           length of the trailer
///  68  u32           CRC-32C of bytes 0 to 67
///  72  records       one after the other, see RecordFrame
///      trailer       see FrameTrailer
///      u32           CRC-32C of all of the frame before it
/// </code>
/// What changes in size stands behind the records, so that a record's address is known before the commit.
/// </summary>
internal readonly record struct FrameHeader(
    int Segment, uint PreviousCrc, long Offset, long Commit, long FlushedCommit,
    long HistoryEnd, long HistoryLength, uint HistoryCrc, int RecordsLength, int TrailerLength)
{
    public const int Bytes = 72;
    public const int EndBytes = 4;
    public const ushort FormatNow = 1;

    public static ReadOnlySpan<byte> Magic => [0xFF, 0x4B, 0x53, 0xFE];

    public long FrameLength => (long)Bytes + RecordsLength + TrailerLength + EndBytes;

    public void Write(Span<byte> into)
    {
        Magic.CopyTo(into);
        BinaryPrimitives.WriteUInt16LittleEndian(into[4..], FormatNow);
        BinaryPrimitives.WriteUInt16LittleEndian(into[6..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], Segment);
        BinaryPrimitives.WriteUInt32LittleEndian(into[12..], PreviousCrc);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], Offset);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], Commit);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], FlushedCommit);
        BinaryPrimitives.WriteInt64LittleEndian(into[40..], HistoryEnd);
        BinaryPrimitives.WriteInt64LittleEndian(into[48..], HistoryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(into[56..], HistoryCrc);
        BinaryPrimitives.WriteInt32LittleEndian(into[60..], RecordsLength);
        BinaryPrimitives.WriteInt32LittleEndian(into[64..], TrailerLength);
        BinaryPrimitives.WriteUInt32LittleEndian(into[68..], Crc32C.Of(into[..68]));
    }

    /// <summary>False unless the bytes are a header that was written for exactly this place.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, int segment, long offset, out FrameHeader header)
    {
        header = default;
        if (!HasChecksum(from) || BinaryPrimitives.ReadUInt16LittleEndian(from[4..]) != FormatNow)
            return false;
        header = new FrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from[8..]), BinaryPrimitives.ReadUInt32LittleEndian(from[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]), BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]), BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[48..]), BinaryPrimitives.ReadUInt32LittleEndian(from[56..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[60..]), BinaryPrimitives.ReadInt32LittleEndian(from[64..]));
        return header.Segment == segment && header.Offset == offset
            && header is { RecordsLength: >= 0, TrailerLength: >= 0, FrameLength: <= int.MaxValue };
    }

    /// <summary>Written by another release: to be said, not to be taken for a torn tail.</summary>
    public static bool IsOtherFormat(ReadOnlySpan<byte> from) =>
        HasChecksum(from) && BinaryPrimitives.ReadUInt16LittleEndian(from[4..]) != FormatNow;

    private static bool HasChecksum(ReadOnlySpan<byte> from) =>
        from.StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(from[68..]) == Crc32C.Of(from[..68]);

    /// <summary>Whether a whole frame fits its checksum at the end, which is handed out for the chain.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> frame, out uint crc)
    {
        crc = BinaryPrimitives.ReadUInt32LittleEndian(frame[^EndBytes..]);
        return crc == Crc32C.Of(frame[..^EndBytes]);
    }
}
