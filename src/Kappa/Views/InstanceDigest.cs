using System.Text;
using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// The digest by which an audit compares an instance with the log: the sum modulo 2^128, over the positions applied, of
/// a hash of position and key. A sum, so that it does not depend on order; a hash of the key too, so that an event
/// given to the wrong key shows. Pinned, the same on every engine:
/// <code>low  = avalanche(XXH64(key, 0) + P * C1)     P  = partition * 2^48 + sequence
/// high = avalanche(XXH64(key, 1) + P * C2)     C1 = 0x9E3779B97F4A7C15, C2 = 0xD1B54A32D192ED03</code>
/// where avalanche is the finishing mix of XXH64. It finds faults, not forgeries.
/// </summary>
public readonly struct InstanceDigest
{
    private readonly ulong _low;
    private readonly ulong _high;

    public InstanceDigest(string key)
    {
        Span<byte> utf8 = stackalloc byte[1536];
        var bytes = Encoding.UTF8.TryGetBytes(key, utf8, out var written) ? utf8[..written] : Encoding.UTF8.GetBytes(key);
        _low = StableHash.Of(bytes);
        _high = StableHash.Of(bytes, 1);
    }

    /// <summary>What one applied position adds to the digest.</summary>
    public UInt128 Of(Position position)
    {
        var packed = PositionList.Pack(position);
        return new UInt128(
            StableHash.Avalanche(_high + packed * 0xD1B54A32D192ED03),
            StableHash.Avalanche(_low + packed * 0x9E3779B97F4A7C15));
    }
}
