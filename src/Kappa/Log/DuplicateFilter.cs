using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// Finds the duplicates of one partition for a reader of a log that cannot refuse them: an event is a duplicate if any of
/// the preceding <c>window</c> positions, duplicates included, holds its source and id. So every reader drops the same
/// ones, wherever it began. Costs 16 bytes a position of the window, and no allocation for an event that is none. For a
/// log that refuses duplicates itself nothing is kept and none is found. Used by one reader at a time.
/// </summary>
public sealed class DuplicateFilter : IDisposable
{
    private const int PageBytes = 64 << 10;

    private readonly ILogReader _log;
    private readonly int _partition;
    private readonly DuplicateWindow? _window;
    private readonly List<long> _candidates = [];
    private LogPage _page = LogPage.Empty(0);
    private long? _mark;

    private DuplicateFilter(ILogReader log, int partition, int window, long next)
    {
        (_log, _partition, Next) = (log, partition, next);
        _window = window > 0 && log.MayHoldDuplicates ? new DuplicateWindow(window, next) : null;
    }

    /// <summary>The sequence of the event that must be asked about next.</summary>
    public long Next { get; private set; }

    /// <summary>
    /// A filter for a reader that starts at <paramref name="start"/>: reads what the window holds before it, as far as the
    /// log still has it.
    /// </summary>
    /// <param name="window">How many positions a duplicate is looked for in; 0 for none.</param>
    public static async ValueTask<DuplicateFilter> OpenAsync(ILogReader log, int partition, int window, long start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, LogOptions.DuplicateWindowMax);
        if (window == 0 || !log.MayHoldDuplicates)
            return new DuplicateFilter(log, partition, 0, start);
        var filter = new DuplicateFilter(log, partition, window, Math.Min(start, Math.Max(log.First(partition), start - window)));
        while (filter.Next < start)
        {
            using var page = await log.ReadAsync(partition, filter.Next, 1 << 20, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
                throw new ArgumentOutOfRangeException(nameof(start), start, $"Partition {partition} ends before sequence {filter.Next}.");
            for (var i = 0; i < page.Count && filter.Next < start; i++)
                filter.Add(EventBatch.Identity(page.Events[i].Record.Span));
        }
        return filter;
    }

    /// <summary>
    /// Whether the event repeats an earlier one. Ask about every event once and in order, duplicates included. Completes at
    /// once unless an earlier event has the same hash: then that one is read and compared in full.
    /// </summary>
    /// <exception cref="ArgumentException">The event is not the one at <see cref="Next"/>.</exception>
    public ValueTask<bool> IsDuplicateAsync(RecordedEvent recorded, CancellationToken cancellationToken = default)
    {
        if (recorded.Position != new Position(_partition, Next))
            throw new ArgumentException($"The event stands at {recorded.Position}, and the next is {new Position(_partition, Next)}.", nameof(recorded));
        if (_window is null)
        {
            Next++;
            return new(false);
        }
        var hash = EventBatch.Identity(recorded.Record.Span);
        _candidates.Clear();
        for (var found = _window.Find(hash); found.MoveNext();)
            _candidates.Add(found.Sequence);
        if (_candidates.Count > 0)
            return CompareAsync(recorded, hash, cancellationToken);
        Add(hash);
        return new(false);
    }

    /// <summary>Marks where the filter stands, so that it can go back there. Costs 8 bytes for each event that is asked about until the next mark.</summary>
    public void Mark()
    {
        _window?.Commit();
        _mark = Next;
    }

    /// <summary>Goes back to the last mark: the events from there on can be asked about again. Reads nothing.</summary>
    /// <exception cref="InvalidOperationException">There is no mark.</exception>
    public void GoBack()
    {
        Next = _mark ?? throw new InvalidOperationException("The filter cannot go back: it was never marked.");
        _window?.Rollback();
    }

    public void Dispose() => _page.Dispose();

    private async ValueTask<bool> CompareAsync(RecordedEvent recorded, ulong hash, CancellationToken cancellationToken)
    {
        var isDuplicate = false;
        foreach (var candidate in _candidates)
            if (!isDuplicate)
                isDuplicate = await IsSameAsync(recorded, candidate, cancellationToken).ConfigureAwait(false);
        // Only now: a comparison that was cancelled or failed can be asked for again.
        Add(hash);
        return isDuplicate;
    }

    private async ValueTask<bool> IsSameAsync(RecordedEvent recorded, long candidate, CancellationToken cancellationToken)
    {
        var first = _page.Next - _page.Count;
        if (candidate < first || candidate >= _page.Next)
        {
            // What was retired since cannot be compared any more; 64 equal bits must then do.
            if (candidate < _log.First(_partition))
                return true;
            // Duplicates mostly come in the order in which the first ones came: the next one is likely on the same page.
            var page = await _log.ReadAsync(_partition, candidate, PageBytes, cancellationToken).ConfigureAwait(false);
            _page.Dispose();
            _page = page;
            first = candidate;
        }
        ref readonly var other = ref _page.Events[(int)(candidate - first)];
        return recorded.Id.SequenceEqual(other.Id) && recorded.Source.SequenceEqual(other.Source);
    }

    private void Add(ulong hash)
    {
        _window!.Add(hash);
        // Without a mark nothing is ever taken back, so nothing is kept for that.
        if (_mark is null)
            _window.Commit();
        Next++;
    }
}
