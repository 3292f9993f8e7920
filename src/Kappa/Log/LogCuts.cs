namespace Kappa.Log;

/// <summary>Cuts of a log as a whole: where it ends, and where it stood at a time.</summary>
public static class LogCuts
{
    /// <summary>The cut that holds every event that is known here to be readable now.</summary>
    public static Cut EndOf(ILogReader log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var next = new long[log.PartitionCount];
        for (var partition = 0; partition < next.Length; partition++)
            next[partition] = log.Next(partition);
        return new Cut(next);
    }

    /// <summary>The cut that holds every event whose append was acknowledged before the call, by whichever process; asks the log itself.</summary>
    public static async ValueTask<Cut> EndAsync(ILogReader log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        var ends = Enumerable.Range(0, log.PartitionCount).Select(partition => log.EndAsync(partition, cancellationToken).AsTask());
        return new Cut(await Task.WhenAll(ends).ConfigureAwait(false));
    }

    /// <summary>
    /// The cut of exactly the events that were appended at <paramref name="time"/> or before. Append times never go back within a
    /// partition, so a few reads find it. It is final once the log's clock has passed that time and what was being written then
    /// can be read.
    /// </summary>
    /// <exception cref="LogRetiredException">The log no longer has the events around that time.</exception>
    public static async ValueTask<Cut> AtAsync(ILogReader log, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        var next = new long[log.PartitionCount];
        for (var partition = 0; partition < next.Length; partition++)
            next[partition] = await NextAtAsync(log, partition, time.UtcTicks, cancellationToken).ConfigureAwait(false);
        return new Cut(next);
    }

    private static async ValueTask<long> NextAtAsync(ILogReader log, int partition, long ticks, CancellationToken cancellationToken)
    {
        var (first, known) = (log.First(partition), log.Next(partition));
        var next = await SearchAsync(log, partition, ticks, first, known, cancellationToken).ConfigureAwait(false);
        // Nothing later is known here; the log itself may have more that was appended by then.
        if (next == known)
            next = await SearchAsync(log, partition, ticks, known, await log.EndAsync(partition, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        // What was retired may or may not have been appended by then: an answer would be a guess.
        return next > first || first == 0 ? next : throw Retired(partition, first);
    }

    /// <summary>The end of what was appended by a time: everything before low was, everything from high on was not.</summary>
    private static async ValueTask<long> SearchAsync(ILogReader log, int partition, long ticks, long low, long high, CancellationToken cancellationToken)
    {
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            using var page = await ReadAsync(log, partition, middle, cancellationToken).ConfigureAwait(false);
            var within = AppendedBy(page, ticks);
            if (within < page.Count)
                high = Math.Min(high, middle + within);
            if (within > 0)
                low = Math.Min(high, middle + within);
        }
        return low;
    }

    /// <summary>How many events of a page were appended at a time or before.</summary>
    private static int AppendedBy(LogPage page, long ticks)
    {
        var events = page.Events;
        var count = events.Length;
        while (count > 0 && events[count - 1].AppendedTicks > ticks)
            count--;
        return count;
    }

    private static async ValueTask<LogPage> ReadAsync(ILogReader log, int partition, long sequence, CancellationToken cancellationToken)
    {
        try
        {
            return await log.ReadAsync(partition, sequence, bytesMax: 1, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentOutOfRangeException) when (log.First(partition) is var first && first > sequence)
        {
            // Retired since the search began.
            throw Retired(partition, first);
        }
    }

    private static LogRetiredException Retired(int partition, long first) =>
        new($"That time lies before the events that the log still has: partition {partition} begins at {partition}:{first}, older events were retired. Ask for a later time.");
}
