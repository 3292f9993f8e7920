using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Kappa.Web.Http;

/// <summary>
/// Keys may be any text, so the paths that hold keys are read from the request target as it was sent: split on
/// <c>/</c>, each segment percent-decoded once. The server's own path would not do: it leaves <c>%2F</c> encoded but
/// decodes <c>%252F</c> to the same, and it takes <c>..</c> for a step up.
/// <para>Before routing the path is rewritten to segments that routing leaves alone; after it the route values are
/// decoded. Literals (<c>by</c>, <c>top</c>, <c>history</c>, <c>retry</c>) count only where they were sent plainly, so that a key
/// that happens to be called so can be sent as, say, <c>%74op</c>.</para>
/// </summary>
internal static class RawTarget
{
    public const int SegmentBytesMax = 512;

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);
    private static readonly object _rewritten = new();

    public static IApplicationBuilder UseRawTarget(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var segments = Segments(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (segments.Length > 1 && segments[0] is "views" or "quarantine")
        {
            // Not by the conversion from text, which would decode it once more.
            context.Request.Path = new PathString(Rewrite(segments));
            context.Items[_rewritten] = _rewritten;
        }
        else if (segments.Length != 1 && (context.Request.Path.StartsWithSegments("/views") || context.Request.Path.StartsWithSegments("/quarantine")))
            // Steps up or encoded literals on the way there: a path that nobody needs, and that would dodge the rules above.
            context.Request.Path = "/unknown";
        return next(context);
    });

    public static IApplicationBuilder UseRawRouteValues(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Items.ContainsKey(_rewritten))
            foreach (var (name, value) in context.Request.RouteValues)
                if (value is string text && text.Contains('%', StringComparison.Ordinal))
                    context.Request.RouteValues[name] = Uri.UnescapeDataString(text);
        return next(context);
    });

    /// <summary>Decodes percent escapes once, as strict UTF-8; null if that cannot be done.</summary>
    public static string? Decode(ReadOnlySpan<char> text)
    {
        if (!text.Contains('%'))
            return System.Text.Ascii.IsValid(text) ? text.ToString() : null;
        var bytes = new byte[text.Length];
        var used = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= 0x80)
                return null;
            if (text[i] != '%')
                bytes[used++] = (byte)text[i];
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[used++] = Convert.FromHexString(text.Slice(i + 1, 2))[0];
                i += 2;
            }
            else
                return null;
        }
        try
        {
            return _strict.GetString(bytes, 0, used);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string[] Segments(string target)
    {
        // The absolute form, as proxies send it, has a scheme and an authority first.
        if (!target.StartsWith('/'))
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var start = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            if (start < 0)
                return [];
            target = target[start..];
        }
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return (query < 0 ? target[1..] : target[1..query]).Split('/');
    }

    private static string Rewrite(string[] segments)
    {
        var path = new StringBuilder("/").Append(segments[0]);
        for (var i = 1; i < segments.Length; i++)
        {
            if (IsLiteral(segments, i))
            {
                path.Append('/').Append(segments[i]);
                continue;
            }
            var field = i == 1 ? "view" : "key";
            var decoded = Decode(segments[i]) ?? throw Problem.BadRequest(field,
                $"Segment {i + 1} of the path is not percent-encoded UTF-8; encode each byte outside the unreserved characters as %XX.").AsException();
            if (decoded.Length == 0 || Encoding.UTF8.GetByteCount(decoded) > SegmentBytesMax)
                throw Problem.BadRequest(field, $"Segment {i + 1} of the path is {Encoding.UTF8.GetByteCount(decoded)} bytes, but must be 1 to {SegmentBytesMax}.").AsException();
            path.Append('/').Append(Routable(decoded));
        }
        return path.ToString();
    }

    /// <summary>Where each literal may stand, by the number of segments; a rank's name or key elsewhere is just a text.</summary>
    private static bool IsLiteral(string[] segments, int i) => (segments[0], segments.Length, i, segments[i]) switch
    {
        ("views", 5, 2, "by") => true,
        ("views", 4, 2, "top") => true,
        ("views", 4, 3, "history") => segments[2] != "top",
        // The literal is that of a POST; to a GET it is a key like any other.
        ("views", 3, 2, "rebuilds") => true,
        ("quarantine", 4, 3, "retry") => true,
        ("quarantine", 5, 2, "positions") or ("quarantine", 5, 4, "retry") => true,
        _ => false,
    };

    /// <summary>Encoded so that routing neither splits it nor takes it for a literal (it compares those without case).</summary>
    private static string Routable(string segment)
    {
        var escaped = Uri.EscapeDataString(segment);
        return char.IsAsciiLetter(escaped[0]) && escaped.Length <= "positions".Length
            ? $"%{(int)escaped[0]:X2}{escaped[1..]}"
            : escaped;
    }
}
