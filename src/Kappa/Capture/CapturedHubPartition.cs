using System.Buffers;
using System.Globalization;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>The files of one partition of a hub, and where the last reader stands in them: the next page mostly begins there. Readers take turns.</summary>
internal sealed class CapturedHubPartition(ICaptureStore store, string space, string hub, int partition) : IAsyncDisposable
{
    private const int PageBytesMax = 16 << 20;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CaptureMapping _mapping = new(new CaptureMappingOptions
    {
        Source = $"/eventhub/{Uri.EscapeDataString(space)}/{Uri.EscapeDataString(hub)}",
        Partition = partition.ToString(CultureInfo.InvariantCulture),
    });
    private List<CapturedHubFile> _files = [];
    private CapturedHubWalk? _walk;

    /// <summary>The sequence of the first captured event; -1 if nothing is captured.</summary>
    public long First { get; private set; } = -1;

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        await ListAsync(cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < _files.Count && First < 0; i++)
            First = await _files[i].FirstAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="CaptureCorruptException">A file is damaged, or one is missing.</exception>
    public async ValueTask<LogPage> ReadAsync(long from, int bytesMax, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        var walk = _walk;
        _walk = null;
        try
        {
            if (walk?.Next != from)
            {
                if (walk is not null)
                    await walk.DisposeAsync().ConfigureAwait(false);
                walk = null;
                walk = new CapturedHubWalk(store, _files, await FindAsync(from, cancellationToken).ConfigureAwait(false), from);
            }
            var page = await PageAsync(walk, Math.Clamp(bytesMax, 1, PageBytesMax), cancellationToken).ConfigureAwait(false);
            if (page.Count == 0 && await ListAsync(cancellationToken).ConfigureAwait(false))
            {
                // More was captured since.
                await walk.DisposeAsync().ConfigureAwait(false);
                walk = null;
                walk = new CapturedHubWalk(store, _files, await FindAsync(from, cancellationToken).ConfigureAwait(false), from);
                page = await PageAsync(walk, Math.Clamp(bytesMax, 1, PageBytesMax), cancellationToken).ConfigureAwait(false);
            }
            (_walk, walk) = (walk, null);
            return page;
        }
        finally
        {
            if (walk is not null)
                await walk.DisposeAsync().ConfigureAwait(false);
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_walk is not null)
            await _walk.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<LogPage> PageAsync(CapturedHubWalk walk, int bytesMax, CancellationToken cancellationToken)
    {
        var (events, bytes) = (new List<RecordedEvent>(), 0L);
        using var batch = new EventBatch();
        while ((events.Count == 0 || bytes < bytesMax) && await walk.NextAsync(cancellationToken).ConfigureAwait(false) is { } captured)
        {
            batch.Clear();
            _mapping.AddOne(captured, batch);
            events.Add(new RecordedEvent(batch.Record(0).ToArray(), new Position(partition, captured.Sequence), Appended(captured).UtcTicks));
            bytes += batch.Bytes;
        }
        if (events.Count == 0)
            return LogPage.Empty(walk.Next);
        var rented = ArrayPool<RecordedEvent>.Shared.Rent(events.Count);
        events.CopyTo(rented);
        return new LogPage(null, rented, events.Count, walk.Next);
    }

    /// <summary>As the hub tells it, to the millisecond; older captures know the second only.</summary>
    private static DateTimeOffset Appended(CapturedEvent captured) =>
        captured.SystemProperties.FirstOrDefault(property => property.Name == "x-opt-enqueued-time").Value is long milliseconds
            && CaptureFile.Milliseconds(milliseconds) is { } precise ? precise : captured.Enqueued ?? default;

    /// <summary>The last file that begins at a sequence or before it.</summary>
    private async ValueTask<int> FindAsync(long sequence, CancellationToken cancellationToken)
    {
        var (low, high) = (0, _files.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            // Files without events tell nothing; the next that has some does.
            var filled = middle;
            while (filled <= high && await _files[filled].FirstAsync(cancellationToken).ConfigureAwait(false) < 0)
                filled++;
            if (filled <= high && await _files[filled].FirstAsync(cancellationToken).ConfigureAwait(false) <= sequence)
                low = filled;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>Looks what files there are; true if there are more than before.</summary>
    private async ValueTask<bool> ListAsync(CancellationToken cancellationToken)
    {
        var known = _files.ToDictionary(file => file.Path);
        var files = new List<CapturedHubFile>();
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{CaptureLayout.Prefix(space, hub)}{partition}/");
        await foreach (var path in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            if (CaptureLayout.TryParse(path, out _))
                files.Add(known.GetValueOrDefault(path) ?? new CapturedHubFile(store, path));
        var isMore = files.Count > _files.Count;
        _files = files;
        return isMore;
    }
}
