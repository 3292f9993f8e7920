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
/// with everybody who follows the end. Drops what was sent twice. A receive that fails moves nothing: the next one begins where it did. A provider
/// gives a receive a few seconds; what takes longer, such as reading what duplicates are looked for in, goes on until a later one has it.
/// </summary>
/// <param name="checkpoint">The sequence up to which everything was delivered, as text; -1 for none.</param>
internal sealed class HubStreamReceiver(
    ILogReader log, int partition, string checkpoint, FanOut fanOut, IDeliveries? deliveries, int window, int distance, TimeProvider time, ILogger logger) : IEventHubReceiver, IDisposable
{
    private const int PageBytes = 1 << 20;

    private readonly CancellationTokenSource _stop = new();
    private long _next = -1;
    private readonly HubStreamLog _log = new(logger);
    private DuplicateFilter? _filter;
    private Task<EventData?>? _reading;

    public Task<IEnumerable<EventData>> ReceiveAsync(int maxCount, TimeSpan waitTime) => ReceiveAsync(maxCount, waitTime, CancellationToken.None);

    public async Task<IEnumerable<EventData>> ReceiveAsync(int maxCount, TimeSpan waitTime, CancellationToken cancellationToken)
    {
        if (_stop.IsCancellationRequested)
            return [];
        var reading = _reading ??= NextAsync();
        await ((Task)reading).WaitAsync(waitTime, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        if (!reading.IsCompleted)
            return [];
        _reading = null;
        return await reading is { } message ? [message] : [];
    }

    public async Task CloseAsync()
    {
        await _stop.CancelAsync();
        if (_reading is Task reading)
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

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

    /// <summary>What comes next, as soon as there is something; null if there is nothing to deliver of it, or this was closed.</summary>
    private async Task<EventData?> NextAsync()
    {
        if (_next < 0)
            _next = Start();
        try
        {
            await log.WaitAsync(partition, _next, _stop.Token);
            return await ReadAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return null;
        }
        catch (ArgumentOutOfRangeException) when (_next < log.First(partition))
        {
            // Retention was faster; the auditor reads what it removed from the capture.
            _next = log.First(partition);
            return null;
        }
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

    /// <summary>The filter where the page begins. After a failure half-way it goes back there; to open another takes long.</summary>
    private async ValueTask<DuplicateFilter> FilterAsync(CancellationToken cancellationToken)
    {
        if (_filter is not null && _filter.Next != _next)
            _filter.GoBack();
        if (_filter?.Next != _next)
            await OpenFilterAsync(cancellationToken);
        _filter!.Mark();
        return _filter;
    }

    private async ValueTask OpenFilterAsync(CancellationToken cancellationToken)
    {
        _filter?.Dispose();
        _filter = null;
        _log.Opening(partition, _next, window);
        var started = time.GetTimestamp();
        _filter = await DuplicateFilter.OpenAsync(log, partition, window, _next, cancellationToken);
        _log.Opened(partition, _next, time.GetElapsedTime(started));
    }
}
