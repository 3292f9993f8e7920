using System.Buffers.Binary;
using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>
/// What a commit says beside its records:
/// <code>
///   i32 n, n times i64                        watermark: next sequence per partition
///   i32 n, n times i32                        segments that hold nothing live any more: they may be deleted
///   i32 n, n times (i32, i64, i64, u32)       first frame of a segment only: all earlier segments that are still
///                                             needed (number, length, last commit, its CRC); in other frames n = 0
/// </code>
/// The full list stands at the head of each segment because the segment with the last commit is never cleaned: from its
/// frames alone one knows which files must be there, however many were deleted before.
/// </summary>
internal sealed class FrameTrailer(Cut watermark, IReadOnlyList<int> retired, IReadOnlyList<SealedSegment> needed)
{
    private const int NeededBytes = 24;

    public Cut Watermark => watermark;

    public IReadOnlyList<int> Retired => retired;

    public IReadOnlyList<SealedSegment> Needed => needed;

    public int Bytes => 12 + 8 * watermark.PartitionCount + 4 * retired.Count + NeededBytes * needed.Count;

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, watermark.PartitionCount);
        into = into[4..];
        for (var p = 0; p < watermark.PartitionCount; p++, into = into[8..])
            BinaryPrimitives.WriteInt64LittleEndian(into, watermark[p]);
        BinaryPrimitives.WriteInt32LittleEndian(into, retired.Count);
        into = into[4..];
        for (var i = 0; i < retired.Count; i++, into = into[4..])
            BinaryPrimitives.WriteInt32LittleEndian(into, retired[i]);
        BinaryPrimitives.WriteInt32LittleEndian(into, needed.Count);
        into = into[4..];
        for (var i = 0; i < needed.Count; i++, into = into[NeededBytes..])
        {
            BinaryPrimitives.WriteInt32LittleEndian(into, needed[i].Number);
            BinaryPrimitives.WriteInt64LittleEndian(into[4..], needed[i].Length);
            BinaryPrimitives.WriteInt64LittleEndian(into[12..], needed[i].LastCommit);
            BinaryPrimitives.WriteUInt32LittleEndian(into[20..], needed[i].LastCrc);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the frame's checksum has been compared before.</summary>
    public static FrameTrailer Read(ReadOnlySpan<byte> from)
    {
        var next = new long[BinaryPrimitives.ReadInt32LittleEndian(from)];
        from = from[4..];
        for (var p = 0; p < next.Length; p++, from = from[8..])
            next[p] = BinaryPrimitives.ReadInt64LittleEndian(from);
        var retired = new int[BinaryPrimitives.ReadInt32LittleEndian(from)];
        from = from[4..];
        for (var i = 0; i < retired.Length; i++, from = from[4..])
            retired[i] = BinaryPrimitives.ReadInt32LittleEndian(from);
        var needed = new SealedSegment[BinaryPrimitives.ReadInt32LittleEndian(from)];
        from = from[4..];
        for (var i = 0; i < needed.Length; i++, from = from[NeededBytes..])
            needed[i] = new SealedSegment(
                BinaryPrimitives.ReadInt32LittleEndian(from), BinaryPrimitives.ReadInt64LittleEndian(from[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[12..]), BinaryPrimitives.ReadUInt32LittleEndian(from[20..]));
        return new FrameTrailer(new Cut(next), retired, needed);
    }
}
