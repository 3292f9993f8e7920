using System.Globalization;

namespace Kappa.Capture;

/// <summary>
/// The paths of Event Hubs Capture, <c>{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}.avro</c>.
/// Within a partition they ascend with time. The index of a file of ours lies beside it as <c>{Second}.index</c>.
/// </summary>
public static class CaptureLayout
{
    public const string Extension = ".avro";
    public const string IndexExtension = ".index";

    private const string TimeFormat = "yyyy/MM/dd/HH/mm/ss";

    public static string Prefix(string space, string hub) => $"{space}/{hub}/";

    public static string PathOf(CaptureName name) => string.Create(CultureInfo.InvariantCulture,
        $"{name.Space}/{name.Hub}/{name.Partition}/{new DateTime(name.Second * TimeSpan.TicksPerSecond, DateTimeKind.Utc).ToString(TimeFormat, CultureInfo.InvariantCulture)}{Extension}");

    /// <summary>The path of the index of a file.</summary>
    public static string IndexOf(string path) => path[..^Extension.Length] + IndexExtension;

    /// <summary>Reads a path relative to the store; false for any other.</summary>
    public static bool TryParse(string path, out CaptureName name)
    {
        name = default;
        if (!path.EndsWith(Extension, StringComparison.Ordinal))
            return false;
        var parts = path[..^Extension.Length].Split('/');
        if (parts.Length != 9 || parts.Any(part => part.Length == 0)
            || !DateTime.TryParseExact(string.Join('/', parts[3..]), TimeFormat, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return false;
        name = new CaptureName(parts[0], parts[1], parts[2], time.Ticks / TimeSpan.TicksPerSecond);
        return true;
    }

    /// <summary>True for names that can be part of a path: letters, digits, dash, dot and underscore, not beginning with a dot.</summary>
    public static bool IsName(string? name) => name is { Length: >= 1 and <= 100 } && name[0] != '.'
        && name.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.');
}
