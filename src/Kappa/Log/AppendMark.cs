using System.Buffers.Text;
using System.Globalization;

namespace Kappa.Log;

/// <summary>
/// Names the last events of an append in one partition before it is known where they came to stand: a log that learns
/// positions only when it is read back gives these instead (see <see cref="IAppendMarks"/>). The events that carry the id
/// stand one behind the other; where they are stored twice, after a failure that left open whether they were, the first ones count.
/// </summary>
/// <param name="Append">The id that was stored with each of these events.</param>
/// <param name="Count">How many events carry it.</param>
public readonly record struct AppendMark(int Partition, Guid Append, int Count)
{
    /// <summary>The written form: partition, id as 22 characters of base64url, and count, with colons.</summary>
    public override string ToString()
    {
        Span<byte> id = stackalloc byte[16];
        Append.TryWriteBytes(id, bigEndian: true, out _);
        return string.Create(CultureInfo.InvariantCulture, $"{Partition}:{Base64Url.EncodeToString(id)}:{Count}");
    }

    /// <summary>Reads the written form; false if it is anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AppendMark mark)
    {
        mark = default;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, ':') != 3
            || !int.TryParse(text[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var partition) || partition > 1023
            || !int.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1
            || text[parts[1]].Length != 22 || !Base64Url.IsValid(text[parts[1]]))
            return false;
        mark = new AppendMark(partition, new Guid(Base64Url.DecodeFromChars(text[parts[1]]), bigEndian: true), count);
        return true;
    }
}
