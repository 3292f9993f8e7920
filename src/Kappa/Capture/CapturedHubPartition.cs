using System.Buffers;
using System.Globalization;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>One partition of a hub's capture, and where the last reader stands in it: the next page mostly begins there. Readers take turns.</summary>
internal sealed class CapturedHubPartition(ICaptureStore store, string space, string hub, int partition, TimeProvider time) : IAsyncDisposable
{
    private const int PageBytesMax = 16 << 20;

    /// <summary>While nothing is captured, the store is not asked more often than that, whoever wants to know.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CaptureMapping _mapping = new(new CaptureMappingOptions
    {
        Source = $"/eventhub/{Uri.EscapeDataString(space)}/{Uri.EscapeDataString(hub)}",
        Partition = partition.ToString(CultureInfo.InvariantCulture),
    });
    private readonly CapturedHubFiles _files = new(store, string.Create(CultureInfo.InvariantCulture, $"{CaptureLayout.Prefix(space, hub)}{partition}/"), time);
    private CapturedHubWalk? _walk;
    private long _first = -1;
    private long? _looked;

    /// <summary>The sequence of the first captured event; -1 as long as nothing was found.</summary>
    public long First => Volatile.Read(ref _first);

    /// <summary>Looks where the capture begins, as long as nothing was found.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async ValueTask LookAsync(CancellationToken cancellationToken)
    {
        if (First >= 0)
            return;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (First >= 0 || _looked is { } looked && time.GetElapsedTime(looked) < _pause)
                return;
            Volatile.Write(ref _first, await _files.FirstAsync(cancellationToken).ConfigureAwait(false));
            _looked = time.GetTimestamp();
        }
        finally
        {
            _turn.Release();
        }
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
                walk = new CapturedHubWalk(store, _files, await _files.FindAsync(from, cancellationToken).ConfigureAwait(false), from);
            }
            var page = await PageAsync(walk, Math.Clamp(bytesMax, 1, PageBytesMax), cancellationToken).ConfigureAwait(false);
            (_walk, walk) = (walk, null);
            return page;
        }
        catch (Exception e) when (e is CaptureCorruptException or FileNotFoundException)
        {
            // What is restored from a backup is found by whoever reads next.
            _files.Forget();
            throw;
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
}
