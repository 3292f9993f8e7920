using System.Buffers.Text;
using System.Text;

namespace Kappa.Grains.Instances;

/// <summary>
/// Instance keys as they stand in the keys of grains and streams: base64url of their UTF-8 bytes, since table storage does not take
/// <c>/ \ # ?</c> and folds what it does not take into one another.
/// </summary>
internal static class KeyText
{
    public static string Encode(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <exception cref="FormatException">It is no encoded key.</exception>
    public static string Decode(ReadOnlySpan<char> text) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
}
