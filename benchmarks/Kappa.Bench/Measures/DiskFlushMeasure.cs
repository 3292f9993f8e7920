using System.Diagnostics;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;

namespace Kappa.Bench.Measures;

/// <summary>
/// What the disk itself takes for what an append at 1,000 events a second asks of it: a write of one event's size to the end of one of four files,
/// and its flush. No latency that waits for a flush can be better.
/// </summary>
internal sealed class DiskFlushMeasure(int seconds) : IMeasure
{
    private const int Files = 4;
    private const int PerSecond = 1_000;
    private const int EventBytes = 380;

    public string Name => "disk-flush";

    public Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder) => Task.Run<IReadOnlyList<Sample>>(() =>
    {
        var files = Enumerable.Range(0, Files).Select(n => File.OpenHandle(Path.Combine(folder, $"flush-{n}"), FileMode.Create, FileAccess.Write)).ToArray();
        try
        {
            var (bytes, took) = (new byte[EventBytes], new double[seconds * PerSecond]);
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < took.Length; i++)
            {
                // What comes late because of the flush before is not counted against this one: a log takes such events together.
                while (Stopwatch.GetElapsedTime(began).TotalMilliseconds < i)
                    Thread.Sleep(1);
                var started = Stopwatch.GetTimestamp();
                RandomAccess.Write(files[i % Files], bytes, (long)(i / Files) * EventBytes);
                RandomAccess.FlushToDisk(files[i % Files]);
                took[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
            Array.Sort(took);
            return [new Sample("disk-flush-p50", took[took.Length / 2], "ms"), new Sample("disk-flush-p99", took[took.Length * 99 / 100], "ms"), new Sample("disk-flush-max", took[^1], "ms")];
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    });
}
