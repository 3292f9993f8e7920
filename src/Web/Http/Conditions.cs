namespace Kappa.Web.Http;

/// <summary>Conditional requests.</summary>
internal static class Conditions
{
    /// <summary>True if <c>If-None-Match</c> names this tag (weakly compared, as RFC 9110 has it for reads).</summary>
    public static bool Matches(HttpRequest request, string tag)
    {
        foreach (var line in request.Headers.IfNoneMatch)
            foreach (var candidate in line.AsSpan().Split(','))
            {
                var text = line.AsSpan()[candidate].Trim();
                if (text.StartsWith("W/"))
                    text = text[2..];
                if (text is "*" || text.SequenceEqual(tag))
                    return true;
            }
        return false;
    }
}
