using System.Text;
using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>A part of all keys, by their hash: from <paramref name="Low"/> to <paramref name="High"/>, both inside.</summary>
internal readonly record struct KeyRange(ulong Low, ulong High)
{
    public static KeyRange All { get; } = new(0, ulong.MaxValue);

    public bool Contains(string key) => this == All || Hash(key) is var hash && hash >= Low && hash <= High;

    /// <summary>The lower half; the same range if it cannot be halved.</summary>
    public KeyRange LowerHalf => this with { High = Low + (High - Low) / 2 };

    /// <summary>The next range of the same width behind this one.</summary>
    public KeyRange Following => High - Low is var width && ulong.MaxValue - High <= width
        ? new KeyRange(High + 1, ulong.MaxValue)
        : new KeyRange(High + 1, High + 1 + width);

    private static ulong Hash(string key)
    {
        Span<byte> utf8 = stackalloc byte[ViewKey.BytesMax];
        return StableHash.Of(utf8[..Encoding.UTF8.GetBytes(key, utf8)]);
    }
}
