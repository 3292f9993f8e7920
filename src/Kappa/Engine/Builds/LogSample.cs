using Kappa.Events;
using Kappa.Log;

namespace Kappa.Engine.Builds;

/// <summary>Some events from the middle of each partition of a log: how many they are, and how many bytes.</summary>
internal readonly record struct LogSample(long Events, long Bytes)
{
    public delegate void Take(in RecordedEvent recorded);

    public double BytesPerEvent => Events == 0 ? 0 : (double)Bytes / Events;

    public static async ValueTask<LogSample> ReadAsync(ILogReader log, int bytesPerPartition, Take take, CancellationToken cancellationToken)
    {
        var sample = default(LogSample);
        for (var p = 0; p < log.PartitionCount; p++)
        {
            using var page = await log.ReadAsync(p, log.First(p) + (log.Next(p) - log.First(p)) / 2, bytesPerPartition, cancellationToken).ConfigureAwait(false);
            sample = sample.With(page, take);
        }
        return sample;
    }

    private LogSample With(LogPage page, Take take)
    {
        var bytes = 0L;
        foreach (ref readonly var recorded in page.Events)
        {
            bytes += recorded.Record.Length;
            take(recorded);
        }
        return new LogSample(Events + page.Count, Bytes + bytes);
    }
}
