using Kappa.Events;
using Kappa.Log;

namespace Kappa.Engine.History;

/// <summary>
/// Reads single events by position. Keeps the last page of each partition, since positions of one instance are often
/// near each other. Not thread-safe; what it returns is valid until the next call for that partition.
/// </summary>
internal sealed class EventFetcher(ILogReader log) : IDisposable
{
    private readonly LogPage?[] _pages = new LogPage?[log.PartitionCount];

    public async ValueTask<RecordedEvent> GetAsync(Position position, CancellationToken cancellationToken)
    {
        var (partition, sequence) = (position.Partition, position.Sequence);
        var page = _pages[partition];
        if (page is null || sequence >= page.Next || sequence < page.Next - page.Count)
        {
            page?.Dispose();
            _pages[partition] = null;
            _pages[partition] = page = await log.ReadAsync(partition, sequence, 1, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
                throw new LogCorruptException($"The event at {position} was folded, but the log ends before it.");
        }
        return page.Events[(int)(sequence - (page.Next - page.Count))];
    }

    public void Dispose()
    {
        foreach (var page in _pages)
            page?.Dispose();
    }
}
