using System.Globalization;
using System.Text;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Web.Http;

/// <summary>Reads the texts of query parameters; what cannot be read is a 400 that names the parameter.</summary>
internal static class QueryText
{
    public const int TakeDefault = 100;
    public const int TakeMax = 1000;
    public static readonly TimeSpan WaitDefault = TimeSpan.FromSeconds(5), WaitMax = TimeSpan.FromSeconds(60);

    public static int Take(string? text)
    {
        if (text is null)
            return TakeDefault;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var take) && take is >= 1 and <= TakeMax
            ? take
            : throw Bad("take", $"take is '{text}', but must be a whole number from 1 to {TakeMax}.");
    }

    public static long Number(string name, string? text, long otherwise)
    {
        if (text is null)
            return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Bad(name, $"{name} is '{text}', but must be a whole number, 0 or more.");
    }

    public static string Key(string? text)
    {
        if (text is null || Encoding.UTF8.GetByteCount(text) is < 1 or > RawTarget.SegmentBytesMax)
            throw Bad("key", $"The key must be 1 to {RawTarget.SegmentBytesMax} bytes of UTF-8.");
        return text;
    }

    public static Receipt? Receipt(string? text)
    {
        if (text is null)
            return null;
        return Log.Receipt.TryParse(text, out var receipt)
            ? receipt
            : throw Bad("receipt", "The receipt is not one that an append returned; pass its text unchanged.");
    }

    /// <summary>As in <c>5s</c> and <c>500ms</c>.</summary>
    public static TimeSpan Wait(string? text)
    {
        if (text is null)
            return WaitDefault;
        var (digits, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1)
            : text.EndsWith('s') ? (text[..^1], 1000) : ("", 0);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && TimeSpan.FromMilliseconds((double)count * unit) is var wait && wait <= WaitMax
            ? wait
            : throw Bad("wait", $"wait is '{text}', but must be seconds as in 5s or milliseconds as in 500ms, {WaitMax.TotalSeconds}s at most.");
    }

    public static WatchToken? Token(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return WatchToken.TryParse(text, out var token)
            ? token
            : throw Bad("token", "The token is not one that an envelope or a watch gave; pass its text unchanged, or leave it out to start with a snapshot.");
    }

    public static WatchMode Mode(string? text) => text switch
    {
        null or "" or "latest" => WatchMode.Latest,
        "every" => WatchMode.Every,
        _ => throw Bad("mode", $"mode is '{text}', but must be 'latest' or 'every'."),
    };

    private static ProblemException Bad(string field, string detail) => Problem.BadRequest(field, detail).AsException();
}
