namespace Kappa.Capture;

/// <summary>What captured events become that are no CloudEvents.</summary>
public sealed record CaptureMappingOptions
{
    /// <summary>Their <c>source</c>.</summary>
    public string Source { get; init; } = "/eventhub";

    /// <summary>Their <c>type</c>.</summary>
    public string Type { get; init; } = "eventhub.event";

    /// <summary>What stands before the sequence in their <c>id</c>: the partition, or whatever tells files of one source apart.</summary>
    public string Partition { get; init; } = "0";

    /// <summary>The largest event, in bytes as encoded in a log.</summary>
    public int EventBytesMax { get; init; } = 64 << 20;

    /// <summary>The options that follow from where a file lies: of one in the layout of Event Hubs Capture, hub and partition; of another, its name.</summary>
    public static CaptureMappingOptions For(string path)
    {
        var parts = path.Replace('\\', '/').Split('/');
        for (var skip = 0; skip < parts.Length; skip++)
            if (CaptureLayout.TryParse(string.Join('/', parts[skip..]), out var name))
                return new CaptureMappingOptions { Source = $"/eventhub/{Uri.EscapeDataString(name.Space)}/{Uri.EscapeDataString(name.Hub)}", Partition = name.Partition };
        var stem = Path.GetFileNameWithoutExtension(parts[^1]);
        return new CaptureMappingOptions { Partition = stem.Length == 0 ? "0" : stem };
    }
}
