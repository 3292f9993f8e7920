using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// A log and its capture, read as one: what is still in local segments comes from there, what was retired from the capture.
/// A reader does not notice where an event comes from, nor that a segment is retired while it reads. Owns neither.
/// </summary>
/// <param name="log">What is local: a <see cref="FileLog"/>, or a <see cref="LogSnapshot"/> that was opened before the capture.</param>
/// <param name="captured">The capture of this log.</param>
public sealed class TieredLog(ILogReader log, CapturedLog captured) : ILogReader
{
    public long LogId => log.LogId;

    public int PartitionCount => log.PartitionCount;

    /// <summary>The first sequence that was captured, if anything was retired; else the log's own.</summary>
    public long First(int partition) => captured.IsEmpty(partition) ? log.First(partition) : Math.Min(log.First(partition), captured.First(partition));

    public long Next(int partition) => log.Next(partition);

    public async ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        (log as FileLog)?.ThrowIfClosing();
        if (from >= log.First(partition))
            try
            {
                return await log.ReadAsync(partition, from, bytesMax, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ArgumentOutOfRangeException && from < log.First(partition) || e is FileNotFoundException && from < captured.Next(partition))
            {
                // Its segment was retired just now; before that it was captured.
            }
        ArgumentOutOfRangeException.ThrowIfLessThan(from, First(partition));
        if (from >= captured.Next(partition))
            throw new LogCorruptException($"Partition {partition} cannot be read from sequence {from} on: the log begins with {log.First(partition)}, "
                + $"and the capture ends before {captured.Next(partition)}. Files of the capture are missing; restore them from a backup.");
        return await captured.ReadAsync(partition, from, bytesMax, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) =>
        log.WaitAsync(partition, sequence, cancellationToken);
}
