using System.Diagnostics;
using Kappa.Bench.Reports;

namespace Kappa.Bench.Measures;

/// <summary>What something took: time, and processor time of this process, which tells more on a busy machine.</summary>
internal readonly struct Effort
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _processor = Environment.CpuUsage.TotalTime;

    public Effort()
    {
    }

    public IEnumerable<Sample> Samples(string name, int events) =>
    [
        new(name, events / Stopwatch.GetElapsedTime(_start).TotalSeconds, Sample.EventsPerSecond),
        new($"{name}-cpu", (Environment.CpuUsage.TotalTime - _processor).TotalMicroseconds / events, "us/event"),
    ];
}
