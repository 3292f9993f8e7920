using System.Text;

namespace Kappa.Views;

/// <summary>The rules of instance keys, the same in routing, in URLs and on every engine.</summary>
public static class ViewKey
{
    /// <summary>The longest key, in bytes of UTF-8.</summary>
    public const int BytesMax = 512;

    /// <summary>What is wrong with a key, or null: keys are 1 to 512 bytes of well-formed UTF-8.</summary>
    public static string? ProblemOf(string key)
    {
        if (key.Length == 0)
            return "The key is empty; keys have 1 to 512 bytes.";
        // At most 3 bytes a UTF-16 unit: the common short key needs no counting.
        if (key.Length > BytesMax / 3 && Encoding.UTF8.GetByteCount(key) > BytesMax)
            return $"The key has {Encoding.UTF8.GetByteCount(key)} bytes of UTF-8; keys have 1 to 512 bytes.";
        if (key.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !IsWellFormed(key))
            return "The key is not well-formed Unicode: it has half of a surrogate pair.";
        return null;
    }

    private static bool IsWellFormed(string key)
    {
        for (var i = 0; i < key.Length; i++)
            if (char.IsHighSurrogate(key[i]) && i + 1 < key.Length && char.IsLowSurrogate(key[i + 1]))
                i++;
            else if (char.IsSurrogate(key[i]))
                return false;
        return true;
    }
}
