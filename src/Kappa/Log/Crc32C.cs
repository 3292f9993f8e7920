using System.Buffers.Binary;
using System.Numerics;

namespace Kappa.Log;

/// <summary>CRC-32C (Castagnoli) in its usual form, eight bytes at a time. Finds every single flipped bit.</summary>
internal static class Crc32C
{
    /// <param name="seed">The CRC of the bytes that stand before these, or any number that the CRC shall depend on.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
