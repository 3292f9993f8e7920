using System.Buffers;
using System.Text;

namespace Kappa.Events;

/// <summary>Media types as in RFC 2046: <c>type/subtype</c> and parameters.</summary>
internal static class MediaType
{
    private static readonly SearchValues<byte> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("application/json"u8))
            return true;
        if (!TakeToken(ref text) || !Take(ref text, (byte)'/') || !TakeToken(ref text))
            return false;
        for (text = text.TrimStart(" \t"u8); !text.IsEmpty; text = text.TrimStart(" \t"u8))
        {
            if (!Take(ref text, (byte)';'))
                return false;
            text = text.TrimStart(" \t"u8);
            if (!TakeToken(ref text) || !Take(ref text, (byte)'=') || !(TakeToken(ref text) || TakeQuoted(ref text)))
                return false;
        }
        return true;
    }

    /// <summary>True for JSON: any type whose subtype is <c>json</c> or ends in <c>+json</c>, in any case.</summary>
    public static bool IsJson(ReadOnlySpan<byte> text)
    {
        var subtype = text[(text.IndexOf((byte)'/') + 1)..];
        if (subtype.IndexOf((byte)';') is var end and >= 0)
            subtype = subtype[..end];
        subtype = subtype.TrimEnd(" \t"u8);
        return Ascii.EqualsIgnoreCase(subtype, "json"u8)
            || (subtype.Length >= 5 && Ascii.EqualsIgnoreCase(subtype[^5..], "+json"u8));
    }

    private static bool Take(ref ReadOnlySpan<byte> text, byte one)
    {
        if (text.IsEmpty || text[0] != one)
            return false;
        text = text[1..];
        return true;
    }

    private static bool TakeToken(ref ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExcept(s_token);
        length = length < 0 ? text.Length : length;
        text = text[length..];
        return length > 0;
    }

    /// <summary>A quoted string, which may hold anything printable; a backslash takes the next character as it is.</summary>
    private static bool TakeQuoted(ref ReadOnlySpan<byte> text)
    {
        if (!Take(ref text, (byte)'"'))
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                text = text[(i + 1)..];
                return true;
            }
            if (text[i] == '\\')
                i++;
            if (i == text.Length || text[i] is < 0x20 or > 0x7E)
                return false;
        }
        return false;
    }
}
