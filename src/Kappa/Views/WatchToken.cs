using System.Buffers.Binary;
using System.Buffers.Text;

namespace Kappa.Views;

/// <summary>
/// Where a watch stands: an instance's version within a generation. A generation is new whenever versions of before
/// need not name the same states any more (another build of the view, a re-fold in another order). Opaque to clients.
/// </summary>
public readonly record struct WatchToken(long Generation, long Version)
{
    private const byte Format = 1;
    private const int Bytes = 17;

    /// <summary>Base64url of [format u8][generation i64][version i64], big endian.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], Generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Version);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out WatchToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (text.Length != Base64Url.GetEncodedLength(Bytes) || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != Bytes || bytes[0] != Format)
            return false;
        token = new WatchToken(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]));
        return token.Version >= 0;
    }
}
