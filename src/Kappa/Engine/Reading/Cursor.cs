using System.Buffers.Text;
using System.Text;
using Kappa.Views;

namespace Kappa.Engine.Reading;

/// <summary>The <c>next</c> of lists: where the page ended, as texts. Opaque to callers.</summary>
internal static class Cursor
{
    /// <summary>Base64url of each text behind its length.</summary>
    public static string Of(params ReadOnlySpan<string> texts)
    {
        var joined = new StringBuilder();
        foreach (var text in texts)
            joined.Append(text.Length).Append(':').Append(text);
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(joined.ToString()));
    }

    /// <exception cref="InvalidCursorException">It is not what <see cref="Of"/> made of so many texts.</exception>
    public static string[] Read(string cursor, int count)
    {
        if (cursor.Length > 8192 || !Base64Url.IsValid(cursor))
            throw new InvalidCursorException();
        var rest = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).AsSpan();
        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            var colon = rest.IndexOf(':');
            if (colon < 1 || !int.TryParse(rest[..colon], out var length) || length < 0 || length > rest.Length - colon - 1)
                throw new InvalidCursorException();
            texts[i] = rest.Slice(colon + 1, length).ToString();
            rest = rest[(colon + 1 + length)..];
        }
        return rest.IsEmpty ? texts : throw new InvalidCursorException();
    }
}
