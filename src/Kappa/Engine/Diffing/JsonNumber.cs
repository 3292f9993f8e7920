using System.Buffers.Text;

namespace Kappa.Engine.Diffing;

/// <summary>Compares JSON numbers by value as they are written, without rounding them to any type: 1.50, 1.5 and 15e-1 are the same.</summary>
internal static class JsonNumber
{
    public static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.SequenceEqual(b))
            return true;
        var digitsA = Digits(a, out var highestA);
        var digitsB = Digits(b, out var highestB);
        if (digitsA.IsEmpty || digitsB.IsEmpty)
            return digitsA.IsEmpty && digitsB.IsEmpty;
        return highestA is not null && highestA == highestB && (a[0] == '-') == (b[0] == '-') && SameDigits(digitsA, digitsB);
    }

    // From the first digit to the last that is not 0, a point perhaps among them, and the power of ten of the first; none for zero.
    // An exponent beyond all measure gives no power: such numbers are the same only if they are written the same.
    private static ReadOnlySpan<byte> Digits(ReadOnlySpan<byte> number, out long? highest)
    {
        var exponentAt = number.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? number : number[..exponentAt];
        var first = mantissa.IndexOfAnyInRange((byte)'1', (byte)'9');
        highest = 0;
        if (first < 0)
            return default;

        var point = mantissa.IndexOf((byte)'.');
        highest = point < 0 ? mantissa.Length - first - 1 : first < point ? point - first - 1 : point - first;
        if (exponentAt >= 0)
            highest += Exponent(number[(exponentAt + 1)..]);
        return mantissa[first..(mantissa.LastIndexOfAnyInRange((byte)'1', (byte)'9') + 1)];
    }

    private static long? Exponent(ReadOnlySpan<byte> text)
    {
        if (text[0] == '+')
            text = text[1..];
        return Utf8Parser.TryParse(text, out int exponent, out var read) && read == text.Length ? exponent : null;
    }

    private static bool SameDigits(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            if (i < a.Length && a[i] == '.')
                i++;
            if (j < b.Length && b[j] == '.')
                j++;
            if (i == a.Length || j == b.Length)
                return i == a.Length && j == b.Length;
            if (a[i++] != b[j++])
                return false;
        }
    }
}
