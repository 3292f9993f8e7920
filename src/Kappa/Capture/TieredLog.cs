using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// A log and its capture, read as one: what the log still has comes from there, what was retired from the capture.
/// A reader does not notice where an event comes from, nor that a segment is retired while it reads. Owns neither.
/// </summary>
/// <param name="log">What is at hand: a <see cref="FileLog"/>, a <see cref="LogSnapshot"/> that was opened before the capture, or a log elsewhere.</param>
/// <param name="captured">The capture of this log.</param>
public sealed class TieredLog(ILogReader log, ICapturedEvents captured) : ILogReader, IAppendMarks
{
    public long LogId => log.LogId;

    public int PartitionCount => log.PartitionCount;

    public bool MayHoldDuplicates => log.MayHoldDuplicates;

    /// <summary>The first sequence that was captured, if anything was retired; else the log's own.</summary>
    public long First(int partition) => captured.IsEmpty(partition) ? log.First(partition) : Math.Min(log.First(partition), captured.First(partition));

    public long Next(int partition) => log.Next(partition);

    public ValueTask<long> EndAsync(int partition, CancellationToken cancellationToken = default) => log.EndAsync(partition, cancellationToken);

    public async ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        (log as FileLog)?.ThrowIfClosing();
        Exception? gone = null;
        if (from >= log.First(partition))
            try
            {
                return await log.ReadAsync(partition, from, bytesMax, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ArgumentOutOfRangeException && from < log.First(partition) || e is FileNotFoundException)
            {
                // Its segment was retired just now; before that it was captured.
                gone = e as FileNotFoundException;
            }
        if (captured.IsEmpty(partition))
            await captured.LookAsync(partition, cancellationToken).ConfigureAwait(false);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, First(partition));
        return await CapturedAsync(partition, from, bytesMax, gone, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) =>
        log.WaitAsync(partition, sequence, cancellationToken);

    /// <exception cref="InvalidOperationException">The log gives no marks, so the receipt is of another one.</exception>
    public ValueTask<long> ResolveAsync(AppendMark mark, CancellationToken cancellationToken = default) => log is IAppendMarks marks
        ? marks.ResolveAsync(mark, cancellationToken)
        : throw new InvalidOperationException("The receipt is of another log.");

    private async ValueTask<LogPage> CapturedAsync(int partition, long from, int bytesMax, Exception? gone, CancellationToken cancellationToken)
    {
        try
        {
            var page = await captured.ReadAsync(partition, from, bytesMax, cancellationToken).ConfigureAwait(false);
            if (page.Count > 0)
                return page;
            page.Dispose();
        }
        catch (ArgumentOutOfRangeException e)
        {
            gone ??= e;
        }
        throw new LogCorruptException($"Partition {partition} cannot be read from sequence {from} on: the log begins with {log.First(partition)}, "
            + "and the capture ends before it. Files of the capture are missing; restore them from a backup.", gone);
    }
}
