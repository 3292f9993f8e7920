using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kappa.Diagnostics;

/// <summary>The metrics of this engine, under the meter name <see cref="MeterName"/>. Free of cost while nobody listens.</summary>
public static class KappaMetrics
{
    public const string MeterName = "Kappa";

    public static Meter Meter { get; } = new(MeterName);

    private static readonly Counter<long> _folded = Meter.CreateCounter<long>("kappa.events.folded", "{event}", "Events folded into instances.");
    private static readonly Counter<long> _quarantined = Meter.CreateCounter<long>("kappa.quarantines", "{instance}", "Instances that stopped at an event.");
    private static readonly Counter<long> _committed = Meter.CreateCounter<long>("kappa.instances.committed", "{instance}", "Instances written by commits.");

    private static readonly Counter<long> _captured = Meter.CreateCounter<long>("kappa.events.captured", "{event}", "Events written to capture files, and read back.");
    private static readonly Counter<long> _capturedBytes = Meter.CreateCounter<long>("kappa.capture.written", "By", "Bytes of capture files.");
    private static readonly Counter<long> _captureFailed = Meter.CreateCounter<long>("kappa.capture.failures", "{failure}", "Rounds in which a partition could not be captured.");
    private static readonly Counter<long> _retired = Meter.CreateCounter<long>("kappa.events.retired", "{event}", "Events whose local segments were deleted.");

    public static TagList ViewTag(string view) => new() { { "kappa.view", view } };

    internal static void Folded(int events, in TagList view)
    {
        if (events > 0)
            _folded.Add(events, view);
    }

    internal static void Quarantined(in TagList view) => _quarantined.Add(1, view);

    internal static void Committed(int instances) => _committed.Add(instances);

    internal static void Captured(long events, long bytes)
    {
        _captured.Add(events);
        _capturedBytes.Add(bytes);
    }

    internal static void CaptureFailed() => _captureFailed.Add(1);

    internal static void Retired(long events) => _retired.Add(events);
}
