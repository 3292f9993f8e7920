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

    public static TagList ViewTag(string view) => new() { { "kappa.view", view } };

    internal static void Folded(int events, in TagList view)
    {
        if (events > 0)
            _folded.Add(events, view);
    }

    internal static void Quarantined(in TagList view) => _quarantined.Add(1, view);

    internal static void Committed(int instances) => _committed.Add(instances);
}
