namespace Kappa.Log;

/// <summary>
/// Reads the log. Any number of readers may run at once, none of them blocks a writer or another reader. What a reader
/// has seen is durable (as far as the log's flush policy goes) and never changes.
/// </summary>
public interface ILogReader
{
    /// <summary>Names this log among all: written when it was made. What is derived from one log is of no use with another.</summary>
    long LogId { get; }

    int PartitionCount { get; }

    /// <summary>
    /// Whether an event may stand in this log twice, since it cannot refuse the second one. Whoever folds it then drops
    /// duplicates by <see cref="DuplicateFilter"/>.
    /// </summary>
    bool MayHoldDuplicates => false;

    /// <summary>The first sequence of a partition that can still be read here; 0 as long as nothing was retired.</summary>
    long First(int partition);

    /// <summary>The sequence that the next event of the partition will get. Never goes back while the log is open.</summary>
    long Next(int partition);

    /// <summary>
    /// The sequence after the newest event, asked of the log itself rather than what this process last saw: every append that was
    /// acknowledged before the call lies before it. <see cref="Next"/> is no less from then on. A wrapper passes the question on.
    /// </summary>
    ValueTask<long> EndAsync(int partition, CancellationToken cancellationToken = default) => new(Next(partition));

    /// <summary>
    /// Reads a run of events in order, without holes, starting exactly at <paramref name="from"/>: whole frames, about
    /// <paramref name="bytesMax"/> bytes, at least one event if there is one. An empty page means the end of the log
    /// for now. The caller disposes the page.
    /// </summary>
    /// <exception cref="LogCorruptException">The stored bytes are damaged; it names the place.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sequence lies before <see cref="First"/> or after <see cref="Next"/>.</exception>
    ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default);

    /// <summary>Completes once the event at <paramref name="sequence"/> can be read. Never polls.</summary>
    ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default);
}
