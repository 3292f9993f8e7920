using Kappa.Log;

namespace Kappa.Capture;

/// <summary>The captured part of a log, by whomever it was written. Thread-safe.</summary>
public interface ICapturedEvents
{
    /// <summary>Whether anything of a partition is captured.</summary>
    bool IsEmpty(int partition);

    /// <summary>The first sequence that is captured.</summary>
    long First(int partition);

    /// <summary>Looks whether something of a partition was captured meanwhile, where others capture; not more often than is modest.</summary>
    ValueTask LookAsync(int partition, CancellationToken cancellationToken = default) => default;

    /// <summary>Reads a run of events in order, without holes, starting exactly at <paramref name="from"/>; an empty page where the capture ends.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sequence lies outside of what is captured.</exception>
    /// <exception cref="LogCorruptException">A file is damaged or missing; it is named.</exception>
    ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default);
}
