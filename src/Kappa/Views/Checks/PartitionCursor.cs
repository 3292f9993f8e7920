using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>Goes through one partition, event by event, up to an end.</summary>
internal sealed class PartitionCursor(ILogReader log, int partition, long first, long end, int pageBytes) : IDisposable
{
    private LogPage? _page;
    private int _index;
    private long _next = first;

    public int Partition => partition;

    public ref readonly RecordedEvent Current => ref _page!.Events[_index];

    /// <summary>Goes to the next event of the page; false if there is none: then <see cref="FillAsync"/> goes on.</summary>
    public bool Advance() => ++_index < _page!.Count && _page.Events[_index].Position.Sequence < end;

    /// <summary>Reads the next page; false at the end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        Dispose();
        if (_next >= end)
            return false;
        _page = await log.ReadAsync(partition, _next, pageBytes, cancellationToken).ConfigureAwait(false);
        (_index, _next) = (0, _page.Next);
        return _page.Count > 0
            ? true
            : throw new LogCorruptException($"Partition {partition} of the log ends at sequence {_next}, though it held events up to {end} before.");
    }

    public void Dispose()
    {
        _page?.Dispose();
        _page = null;
    }
}
