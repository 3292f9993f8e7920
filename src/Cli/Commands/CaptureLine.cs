using Kappa.Capture;
using Kappa.Events;

namespace Kappa.Cli.Commands;

/// <summary>What <c>kappa capture ls</c> and <c>verify</c> say of one file.</summary>
internal sealed record CaptureLine(string File, string? Log, int? Partition, long? First, long? Last, long Events, long Bytes, string? From, string? To, bool Proven)
{
    public static CaptureLine Of(CaptureFileInfo info) => new(info.Name, info.Origin is { } origin ? $"{origin.LogId}" : null, info.Origin?.Partition,
        info.First, info.Last, info.Events, info.Bytes, Text(info.From), Text(info.To), info.IsProven);

    private static string? Text(DateTimeOffset? time) => time is { } at ? CloudEvent.TimeText(at) : null;
}
