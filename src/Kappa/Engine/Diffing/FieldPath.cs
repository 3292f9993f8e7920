namespace Kappa.Engine.Diffing;

/// <summary>Fields as JSON Pointers (RFC 6901) with <c>*</c> for any place in an array: <c>/months/*/total</c>.</summary>
internal static class FieldPath
{
    public const char AnyPlace = '*';

    /// <summary>A property's name as it stands in a pointer.</summary>
    public static string Escape(string name) =>
        name.AsSpan().ContainsAny('~', '/')
            ? name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
            : name;

    /// <summary>Whether a rule names this field or one around it. The first slash of a rule may be left out; the empty rule covers everything.</summary>
    public static bool Covers(string rule, string field)
    {
        if (rule.Length == 0)
            return true;
        var inner = field.AsSpan();
        if (rule[0] != '/')
        {
            if (inner.IsEmpty)
                return false;
            inner = inner[1..];
        }

        return inner.StartsWith(rule, StringComparison.Ordinal) && (inner.Length == rule.Length || inner[rule.Length] == '/');
    }
}
