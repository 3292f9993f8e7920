using System.Text;

namespace Kappa.Events;

/// <summary>Makes UTF-8 of texts and replaces nothing: half of a surrogate pair is an error, not a question mark in the log.</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding s_encoding = new(false, throwOnInvalidBytes: true);

    public static bool TryEncode(string text, out byte[] utf8)
    {
        try
        {
            utf8 = s_encoding.GetBytes(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            utf8 = [];
            return false;
        }
    }
}
