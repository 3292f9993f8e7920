using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Builds;

/// <summary>How far a build is in its log, and how long it takes to the end at the pace since it was started. Thread-safe.</summary>
internal sealed class BuildProgress(ILogReader log, Cut from, TimeProvider time)
{
    private const int SampleBytes = 256 << 10;
    private static readonly TimeSpan _paceAfter = TimeSpan.FromMilliseconds(200);

    private Start _start = new(from, time.GetTimestamp());
    private double _bytesPerEvent;

    /// <summary>The pace counts from here on.</summary>
    public void Restart(Cut from) => Volatile.Write(ref _start, new Start(from, time.GetTimestamp()));

    public RebuildInfo Of(RebuildInfo info)
    {
        var (done, total) = (0L, 0L);
        for (var p = 0; p < log.PartitionCount; p++)
        {
            var first = log.First(p);
            total += log.Next(p) - first;
            done += Math.Max(0, Math.Min(info.Watermark[p], log.Next(p)) - first);
        }
        var start = Volatile.Read(ref _start);
        var (elapsed, since) = (time.GetElapsedTime(start.Timestamp), info.Watermark.Count - start.Cut.Count);
        var left = total - done;
        var isMoving = info.State == RebuildState.Building && since > 0 && elapsed >= _paceAfter;
        var bytes = BytesPerEvent();
        return info with
        {
            EventsDone = done,
            EventsTotal = total,
            BytesDone = (long)(done * bytes),
            BytesTotal = (long)(total * bytes),
            Percent = total == 0 ? 100 : Math.Floor(1000.0 * done / total) / 10,
            Left = isMoving && left > 0 ? elapsed * ((double)left / since) : null,
        };
    }

    /// <summary>The size of an event, on average of one run from the middle of each partition; it is asked for often, and looked up once.</summary>
    private double BytesPerEvent()
    {
        if (Volatile.Read(ref _bytesPerEvent) is var known and > 0)
            return known;
        try
        {
            var sample = LogSample.ReadAsync(log, SampleBytes, static (in Events.RecordedEvent _) => { }, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Volatile.Write(ref _bytesPerEvent, sample.BytesPerEvent);
            return sample.BytesPerEvent;
        }
        catch (IOException)
        {
            // A log that cannot be read there says so to whoever needs its events; here only a size is missing.
            return 0;
        }
    }

    private sealed record Start(Cut Cut, long Timestamp);
}
