using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Kappa.Grains.Instances;

/// <summary>
/// Instance keys as they stand in the keys of grains and streams: base64url of their UTF-8 bytes, since table storage does not take
/// <c>/ \ # ?</c> and folds what it does not take into one another.
/// </summary>
internal static class KeyText
{
    /// <summary>
    /// How long the name of a key may be in storage. Table storage takes 512 characters (1 KiB of UTF-16) of a partition key, and the name of the service, the
    /// view's (64) and the build's number must have room besides.
    /// </summary>
    public const int NameMax = 256;

    public static string Encode(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>
    /// The key's name in storage: its text, or of a long one the beginning and a hash, behind a character that no text has. Whose a document is stands
    /// in the document too.
    /// </summary>
    public static string NameOf(string key)
    {
        var text = Encode(key);
        return text.Length <= NameMax ? text : $"{text.AsSpan(0, 64)}~{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
    }

    /// <exception cref="FormatException">It is no encoded key.</exception>
    public static string Decode(ReadOnlySpan<char> text) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
}
