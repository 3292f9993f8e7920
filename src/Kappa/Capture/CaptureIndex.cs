using System.Buffers.Binary;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// What lies beside a capture file of ours: where each block stands, which sequences and append times it holds, and the
/// CRC-32C of every byte of the file, so that no change of it goes unseen. It can be made anew from the file, without that
/// proof. Little endian, pinned by golden files.
/// <code>
///    0        4        6           8          16       20          24           28        32
///   +--------+--------+-----------+----------+--------+-----------+------------+---------+- - - - - -+--------+
///   | K C I X| format | partition | log id   | parti- | bytes of  | CRC of the | count of| blocks,   | CRC of |
///   |        | u16 = 1| u16       | i64      | tions  | the header| header     | blocks  | 44 each   | all    |
///   +--------+--------+-----------+----------+--------+-----------+------------+---------+- - - - - -+--------+
///   a block: | first i64 | count i32 | offset i64 | bytes i32 | CRC u32 | first ticks i64 | last ticks i64 |
/// </code>
/// </summary>
internal sealed class CaptureIndex(CaptureOrigin origin, int headerBytes, uint headerCrc, CaptureBlock[] blocks)
{
    private const int HeadBytes = 32, BlockBytes = 44;
    private const ushort Format = 1;

    private static ReadOnlySpan<byte> Magic => "KCIX"u8;

    public CaptureOrigin Origin => origin;
    public int HeaderBytes => headerBytes;
    public uint HeaderCrc => headerCrc;
    public CaptureBlock[] Blocks => blocks;

    public long First => origin.First;
    public long Next => blocks.Length == 0 ? origin.First : blocks[^1].Next;
    public long FileBytes => blocks.Length == 0 ? headerBytes : blocks[^1].End;

    /// <summary>The place in <see cref="Blocks"/> of the block that holds a sequence between <see cref="First"/> and <see cref="Next"/>.</summary>
    public int Find(long sequence)
    {
        int low = 0, high = blocks.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (blocks[middle].First <= sequence)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[HeadBytes + blocks.Length * BlockBytes + sizeof(uint)];
        Magic.CopyTo(bytes);
        var head = bytes.AsSpan();
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], Format);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], (ushort)origin.Partition);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], origin.LogId);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], origin.Partitions);
        BinaryPrimitives.WriteInt32LittleEndian(head[20..], headerBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(head[24..], headerCrc);
        BinaryPrimitives.WriteInt32LittleEndian(head[28..], blocks.Length);
        for (var i = 0; i < blocks.Length; i++)
        {
            var at = head[(HeadBytes + i * BlockBytes)..];
            BinaryPrimitives.WriteInt64LittleEndian(at, blocks[i].First);
            BinaryPrimitives.WriteInt32LittleEndian(at[8..], blocks[i].Count);
            BinaryPrimitives.WriteInt64LittleEndian(at[12..], blocks[i].Offset);
            BinaryPrimitives.WriteInt32LittleEndian(at[20..], blocks[i].Bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(at[24..], blocks[i].Crc);
            BinaryPrimitives.WriteInt64LittleEndian(at[28..], blocks[i].FirstTicks);
            BinaryPrimitives.WriteInt64LittleEndian(at[36..], blocks[i].LastTicks);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(head[^sizeof(uint)..], Crc32C.Of(head[..^sizeof(uint)]));
        return bytes;
    }

    /// <summary>Reads the bytes; null if they are not to the bit what <see cref="ToBytes"/> made.</summary>
    public static CaptureIndex? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes + BlockBytes + sizeof(uint) || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) != Format
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]) != Crc32C.Of(bytes[..^sizeof(uint)])
            || bytes.Length != HeadBytes + (long)BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]) * BlockBytes + sizeof(uint))
            return null;
        var blocks = new CaptureBlock[BinaryPrimitives.ReadInt32LittleEndian(bytes[28..])];
        for (var i = 0; i < blocks.Length; i++)
        {
            var at = bytes[(HeadBytes + i * BlockBytes)..];
            blocks[i] = new CaptureBlock(
                BinaryPrimitives.ReadInt64LittleEndian(at), BinaryPrimitives.ReadInt32LittleEndian(at[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(at[12..]), BinaryPrimitives.ReadInt32LittleEndian(at[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(at[24..]),
                BinaryPrimitives.ReadInt64LittleEndian(at[28..]), BinaryPrimitives.ReadInt64LittleEndian(at[36..]));
        }
        var origin = new CaptureOrigin(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), blocks[0].First);
        return new CaptureIndex(origin, BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]), blocks);
    }
}
