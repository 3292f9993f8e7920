namespace Kappa.Engine.Instances;

/// <summary>
/// Compares texts as their UTF-8 bytes compare. Ordinal comparison of UTF-16 gives the same but for characters beyond
/// the basic plane, whose surrogates sort below U+E000 to U+FFFF there and above them here.
/// </summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var a = x.AsSpan();
        var b = y.AsSpan();
        var common = a.CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
            return a.Length.CompareTo(b.Length);
        var (c, d) = (a[common], b[common]);
        if (char.IsSurrogate(c) != char.IsSurrogate(d))
            return char.IsSurrogate(c) ? 1 : -1;
        return c.CompareTo(d);
    }
}
