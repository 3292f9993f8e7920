using Kappa.Events;
using Kappa.Log;

namespace Kappa.Engine.History;

/// <summary>
/// Reads single events by position. Keeps the last page of each partition, since positions of one instance ascend and often stand
/// in one frame: then that is read once. Not thread-safe; what it returns is valid until the next call for that partition.
/// </summary>
internal sealed class EventFetcher(ILogReader log) : IDisposable
{
    /// <summary>Where the next event is so near, those after it are likely to be as well: frames that stand together are then read together.</summary>
    private const long NearEvents = 128;

    private const int NearBytes = 64 << 10;

    private readonly LogPage?[] _pages = new LogPage?[log.PartitionCount];

    /// <exception cref="LogRetiredException">The log no longer has it.</exception>
    public async ValueTask<RecordedEvent> GetAsync(Position position, CancellationToken cancellationToken)
    {
        var (partition, sequence) = (position.Partition, position.Sequence);
        var page = _pages[partition];
        if (page is null || sequence >= page.Next || sequence < page.Next - page.Count)
        {
            var isNear = page is not null && sequence >= page.Next && sequence - page.Next < NearEvents;
            page?.Dispose();
            _pages[partition] = null;
            _pages[partition] = page = await ReadAsync(position, isNear ? NearBytes : 1, cancellationToken).ConfigureAwait(false);
        }
        return page.Events[(int)(sequence - (page.Next - page.Count))];
    }

    public void Dispose()
    {
        foreach (var page in _pages)
            page?.Dispose();
    }

    private async ValueTask<LogPage> ReadAsync(Position position, int bytes, CancellationToken cancellationToken)
    {
        try
        {
            var page = await log.ReadAsync(position.Partition, position.Sequence, bytes, cancellationToken).ConfigureAwait(false);
            // What was folded elsewhere may be news to this process.
            if (page.Count == 0 && await log.EndAsync(position.Partition, cancellationToken).ConfigureAwait(false) > position.Sequence)
                page = await log.ReadAsync(position.Partition, position.Sequence, bytes, cancellationToken).ConfigureAwait(false);
            return page.Count > 0 ? page : throw new LogCorruptException($"The event at {position} was folded, but the log ends before it.");
        }
        catch (ArgumentOutOfRangeException) when (position.Sequence < log.First(position.Partition))
        {
            throw new LogRetiredException($"The event at {position} is needed, but partition {position.Partition} now begins at "
                + $"{position.Partition}:{log.First(position.Partition)}: older events were retired and not captured where they could be read.");
        }
    }
}
