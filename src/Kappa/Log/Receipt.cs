using System.Buffers.Text;

namespace Kappa.Log;

/// <summary>
/// What an append returns: the smallest cut, of the partitions it touched, that includes it. Given to a read, the read
/// waits until the key's state includes it. Clients treat the text as opaque.
/// </summary>
public sealed record Receipt(Cut Cut)
{
    public static Receipt Empty { get; } = new(Cut.Zero);

    public override string ToString()
    {
        var text = System.Text.Encoding.ASCII.GetBytes("r" + Cut);
        return Base64Url.EncodeToString(text);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string? text, out Receipt receipt)
    {
        receipt = Empty;
        if (string.IsNullOrEmpty(text) || text.Length > 2048 || !Base64Url.IsValid(text))
            return false;
        var decoded = System.Text.Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text));
        if (!decoded.StartsWith('r') || !Cut.TryParse(decoded.AsSpan(1), out var cut))
            return false;
        receipt = new Receipt(cut);
        return true;
    }
}
