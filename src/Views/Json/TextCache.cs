using System.Text;
using System.Text.Json;
using Kappa.Log;

namespace Kappa.Json;

/// <summary>
/// Texts that come again and again (currencies, countries, chess moves), so that each is one string however many events
/// name it. A fixed number of slots: another text with the same slot replaces the one there. Thread-safe without a
/// lock, because an entry never changes and losing a race only makes one string more.
/// </summary>
internal sealed class TextCache(int slotsAsPowerOfTwo)
{
    private const int TextBytesMax = 64;
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);
    private readonly Entry?[] _slots = new Entry?[1 << slotsAsPowerOfTwo];

    /// <summary>The string that the reader stands on.</summary>
    public string Get(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > TextBytesMax)
            return reader.GetString()!;
        return Get(reader.ValueSpan);
    }

    /// <summary>The string that these bytes of UTF-8 are; they must be few.</summary>
    /// <exception cref="ArgumentException">They are no UTF-8.</exception>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        ref var slot = ref _slots[(int)StableHash.Of(utf8) & (_slots.Length - 1)];
        if (slot is { } entry && utf8.SequenceEqual(entry.Utf8))
            return entry.Text;
        var text = _strict.GetString(utf8);
        slot = new Entry(utf8.ToArray(), text);
        return text;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
