using System.Globalization;
using Azure.Messaging.EventHubs;
using Kappa.Events;
using Kappa.Grains.Streams;
using Kappa.Log;
using Orleans.Streaming.EventHubs;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// Brings the stream provider a partition from its checkpoint on, or from its first event where there is none; what lies
/// further behind than <paramref name="distance"/> is left to the auditor, who catches up in bulk. Reads through the log, so it shares its connection
/// with everybody who follows the end. Drops what was sent twice. A receive that fails moves nothing: the next one begins where it did.
/// </summary>
/// <param name="checkpoint">The sequence up to which everything was delivered, as text; -1 for none.</param>
internal sealed class HubStreamReceiver(
    ILogReader log, int partition, string checkpoint, FanOut fanOut, IDeliveries? deliveries, int window, int distance, TimeProvider time) : IEventHubReceiver, IDisposable
{
    private const int PageBytes = 1 << 20;

    private readonly CancellationTokenSource _stop = new();
    private long _next = -1;
    private DuplicateFilter? _filter;

    public Task<IEnumerable<EventData>> ReceiveAsync(int maxCount, TimeSpan waitTime) => ReceiveAsync(maxCount, waitTime, CancellationToken.None);

    public async Task<IEnumerable<EventData>> ReceiveAsync(int maxCount, TimeSpan waitTime, CancellationToken cancellationToken)
    {
        if (_stop.IsCancellationRequested)
            return [];
        if (_next < 0)
            _next = Start();
        using var deadline = new CancellationTokenSource(waitTime, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token, cancellationToken);
        try
        {
            await log.WaitAsync(partition, _next, linked.Token);
            return await ReadAsync(linked.Token) is { } message ? [message] : [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
        catch (ArgumentOutOfRangeException) when (_next < log.First(partition))
        {
            // Retention was faster; the auditor reads what it removed from the capture.
            _next = log.First(partition);
            return [];
        }
    }

    public Task CloseAsync() => _stop.CancelAsync();

    public Task CloseAsync(CancellationToken cancellationToken) => CloseAsync();

    public void Dispose()
    {
        _stop.Dispose();
        _filter?.Dispose();
    }

    private long Start()
    {
        var from = long.TryParse(checkpoint, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var last) ? last + 1 : 0;
        return Math.Max(Math.Max(from, log.First(partition)), log.Next(partition) - distance);
    }

    private async Task<EventData?> ReadAsync(CancellationToken cancellationToken)
    {
        using var page = await log.ReadAsync(partition, _next, PageBytes, cancellationToken);
        if (page.Count == 0)
            return null;
        var filter = await FilterAsync(cancellationToken);
        var events = new List<RecordedEvent>(page.Count);
        for (var i = 0; i < page.Count; i++)
            if (!await filter.IsDuplicateAsync(page.Events[i], cancellationToken))
                events.Add(page.Events[i]);
        var runs = fanOut.Of(partition, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(events));
        var stretch = new HubStretch(partition, page.Next - 1, deliveries is null ? runs : deliveries.Pass(partition, runs));
        _next = page.Next;
        return stretch.ToMessage(page.Events[^1].Appended);
    }

    /// <summary>The filter where the page begins: after a failure half-way it stands behind that.</summary>
    private async ValueTask<DuplicateFilter> FilterAsync(CancellationToken cancellationToken)
    {
        if (_filter?.Next == _next)
            return _filter;
        _filter?.Dispose();
        _filter = null;
        return _filter = await DuplicateFilter.OpenAsync(log, partition, window, _next, cancellationToken);
    }
}
