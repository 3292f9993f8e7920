using System.Buffers;
using System.Buffers.Binary;
using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>
/// How one record (or one chunk of history) is framed, so that it can be checked when it is read alone:
/// <code>
///  0            4            8
///  | u32 length | u32 CRC-32C of length and bytes | bytes ... |      little-endian
/// </code>
/// </summary>
internal static class RecordFrame
{
    public const int Overhead = 8;

    /// <summary>Most chunks of history fit into this, so that one read usually gets a whole one.</summary>
    private const int ReadGuessBytes = 512;

    public static long BytesOf(StoreAddress address) => Overhead + (long)address.Length;

    public static void Write(Span<byte> into, ReadOnlySpan<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], Crc32C.Of(record, Crc32C.Of(into[..4])));
        record.CopyTo(into[Overhead..]);
    }

    /// <summary>The length that the frame claims; not checked.</summary>
    public static int LengthIn(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32LittleEndian(frame);

    /// <summary>True if the span is exactly one whole frame.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> frame) =>
        LengthIn(frame) == frame.Length - Overhead
        && BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) == Crc32C.Of(frame[Overhead..], Crc32C.Of(frame[..4]));

    /// <summary>The record of the frame at the start of a span that was never written anywhere.</summary>
    public static PooledBytes Copy(ReadOnlySpan<byte> frame)
    {
        var length = LengthIn(frame);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        frame.Slice(Overhead, length).CopyTo(buffer);
        return new PooledBytes(buffer, 0, length);
    }

    /// <summary>Reads a record of known length: one positional read.</summary>
    public static PooledBytes Read(IDiskFile file, string path, StoreAddress address)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Overhead + address.Length);
        var frame = buffer.AsSpan(0, Overhead + address.Length);
        try
        {
            if (file.Read(address.Offset, frame) != frame.Length || !IsWhole(frame))
                throw new StoreCorruptException(path, address.Offset, "a record's checksum does not fit");
            return new PooledBytes(buffer, Overhead, address.Length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>Reads a record of unknown length that ends at <paramref name="end"/> at the latest: one positional read, two for a large one.</summary>
    public static PooledBytes Read(IDiskFile file, string path, long offset, long end)
    {
        var guess = (int)Math.Min(ReadGuessBytes, end - offset);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(guess, Overhead));
        try
        {
            var got = offset < 0 || guess < Overhead ? 0 : file.Read(offset, buffer.AsSpan(0, guess));
            var length = got < Overhead ? -1 : LengthIn(buffer);
            if (length < 0 || length > Math.Min(end - offset - Overhead, ShardStore.StagedBytesMax))
                throw new StoreCorruptException(path, offset, "there is no record");
            if (Overhead + length > got)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Overhead + length);
                buffer.AsSpan(0, got).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
                got += file.Read(offset + got, buffer.AsSpan(got, Overhead + length - got));
            }
            if (got < Overhead + length || !IsWhole(buffer.AsSpan(0, Overhead + length)))
                throw new StoreCorruptException(path, offset, "a record's checksum does not fit");
            return new PooledBytes(buffer, Overhead, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }
}
