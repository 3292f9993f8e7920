using System.Buffers;

namespace Kappa.Events;

/// <summary>
/// URI references by the grammar of RFC 3986, to the letter: no spaces, nothing beyond ASCII, each <c>%</c> before two
/// hexadecimal digits. (<see cref="Uri"/> is not used: it accepts and rewrites nearly anything.)
/// </summary>
internal static class UriReference
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<byte> s_plain = Bytes(Unreserved + SubDelimiters + "@/?");
    private static readonly SearchValues<byte> s_part = Bytes(Unreserved + SubDelimiters + "@/?:%");
    private static readonly SearchValues<byte> s_name = Bytes(Unreserved + SubDelimiters + "%");
    private static readonly SearchValues<byte> s_user = Bytes(Unreserved + SubDelimiters + "%:");
    private static readonly SearchValues<byte> s_address = Bytes("0123456789abcdefABCDEF:.");
    private static readonly SearchValues<byte> s_addressOfFuture = Bytes(Unreserved + SubDelimiters + ":");
    private static readonly SearchValues<byte> s_hexadecimal = Bytes("0123456789abcdefABCDEF");
    private static readonly SearchValues<byte> s_scheme = Bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>True for an absolute URI or a relative reference. Empty is one, too.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        if (IsPlainPath(text))
            return true;
        var scheme = SchemeLength(text);
        return scheme >= 0 && IsRest(scheme == 0 ? text : text[(scheme + 1)..]);
    }

    /// <summary>True for a URI with a scheme; it may have a fragment, as schemas often do.</summary>
    public static bool IsAbsolute(ReadOnlySpan<byte> text) =>
        SchemeLength(text) is var scheme and > 0 && IsRest(text[(scheme + 1)..]);

    /// <summary>Most sources look like this; everything in the set may stand in a path or a query.</summary>
    private static bool IsPlainPath(ReadOnlySpan<byte> text) =>
        !text.StartsWith("//"u8) && text.IndexOfAnyExcept(s_plain) < 0;

    /// <summary>0 for a relative reference; negative if its first segment holds a colon but is no scheme.</summary>
    private static int SchemeLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny(":/?#"u8);
        if (end < 0 || text[end] != ':')
            return 0;
        return end > 0 && char.IsAsciiLetter((char)text[0]) && text[..end].IndexOfAnyExcept(s_scheme) < 0 ? end : -1;
    }

    private static bool IsRest(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'#') is var hash and >= 0)
        {
            if (!Holds(text[(hash + 1)..], s_part))
                return false;
            text = text[..hash];
        }
        if (!text.StartsWith("//"u8))
            return Holds(text, s_part);
        text = text[2..];
        var end = text.IndexOfAny((byte)'/', (byte)'?');
        return end < 0 ? IsAuthority(text) : IsAuthority(text[..end]) && Holds(text[end..], s_part);
    }

    private static bool IsAuthority(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'@') is var at and >= 0)
        {
            if (!Holds(text[..at], s_user))
                return false;
            text = text[(at + 1)..];
        }
        if (!text.IsEmpty && text[0] == '[')
        {
            var close = text.IndexOf((byte)']');
            return close > 1 && IsAddress(text[1..close]) && IsPort(text[(close + 1)..]);
        }
        var colon = text.IndexOf((byte)':');
        return colon < 0 ? Holds(text, s_name) : Holds(text[..colon], s_name) && IsPort(text[colon..]);
    }

    private static bool IsAddress(ReadOnlySpan<byte> text)
    {
        if ((text[0] | 0x20) != 'v')
            return text.IndexOfAnyExcept(s_address) < 0;
        var dot = text.IndexOf((byte)'.');
        return dot > 1 && dot < text.Length - 1 && text[1..dot].IndexOfAnyExcept(s_hexadecimal) < 0
            && text[(dot + 1)..].IndexOfAnyExcept(s_addressOfFuture) < 0;
    }

    private static bool IsPort(ReadOnlySpan<byte> text) =>
        text.IsEmpty || (text[0] == ':' && text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);

    private static bool Holds(ReadOnlySpan<byte> text, SearchValues<byte> allowed)
    {
        if (text.IndexOfAnyExcept(allowed) >= 0)
            return false;
        for (var at = text.IndexOf((byte)'%'); at >= 0; at = text.IndexOf((byte)'%'))
        {
            text = text[(at + 1)..];
            if (text.Length < 2 || !char.IsAsciiHexDigit((char)text[0]) || !char.IsAsciiHexDigit((char)text[1]))
                return false;
        }
        return true;
    }

    private static SearchValues<byte> Bytes(string ascii) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(ascii));
}
