using System.Buffers.Binary;
using System.Numerics;

namespace Kappa.Engine.Store;

/// <summary>CRC-32C (Castagnoli). <c>Of(b, Of(a))</c> is the checksum of a and b joined.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
