using System.Threading.Channels;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// Sends to one partition: one batch at a time, in the order of the appends; what queues up meanwhile shares the next
/// batch. A batch is sent again until the hub has it or the time is up; no other goes before. An append that fits one batch
/// goes in one, so all of it is stored or none. Callers' code never runs here.
/// </summary>
internal sealed class HubSender : IAsyncDisposable
{
    private readonly IHub _hub;
    private readonly int _partition;
    private readonly string _id;
    private readonly EventHubLogOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<HubAppend> _queue = Channel.CreateUnbounded<HubAppend>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<(HubAppend Append, AppendMark Mark, bool IsLast)> _parts = [];
    private readonly Task _run;
    private EventDataBatch? _batch;
    private long _bytes, _batchBytes;

    public HubSender(IHub hub, int partition, string id, EventHubLogOptions options, TimeProvider time)
    {
        (_hub, _partition, _id, _options, _time) = (hub, partition, id, options, time);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Why nothing is sent to the partition any more; null while it works.</summary>
    public string? Problem { get; private set; }

    /// <summary>Claims room for what an append brings; false if too much is waiting.</summary>
    public bool TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= _options.Limits.QueueBytesMax)
            return true;
        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>False if the log was closed.</summary>
    public bool TryPut(HubAppend append) => _queue.Writer.TryWrite(append);

    /// <summary>Sends what is queued, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _run;
    }

    private async Task RunAsync()
    {
        HubAppend? append = null;
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                while (_queue.Reader.TryRead(out append))
                {
                    var failure = await TakeAsync(append);
                    Release(append.Bytes(_partition));
                    if (failure is not null)
                        append.Failed(failure);
                }
                await FlushAsync();
            }
        }
        catch (Exception e)
        {
            // A broken invariant: nobody may wait for ever, and nothing may go on as if it were well.
            Problem = $"Partition {_partition} of the hub {_hub.Name} takes no more events after an unexpected error, restart the host: {e}";
            _queue.Writer.TryComplete();
            var left = _parts.Select(part => part.Append).Append(append).OfType<HubAppend>().Concat(_queue.Reader.ReadAllAsync().ToBlockingEnumerable());
            foreach (var one in left.ToHashSet())
                one.Failed(new LogUnavailableException(Problem, e));
        }
    }

    /// <summary>Puts an append into batches, and sends those that are full; null unless it failed on the way and nothing of it is in the batch at hand.</summary>
    private async Task<Exception?> TakeAsync(HubAppend append)
    {
        if (_batch is { Count: > 0 } && _batchBytes + append.Bytes(_partition) > _batch.MaximumSizeInBytes)
            await FlushAsync();
        _batchBytes += append.Bytes(_partition);
        var (id, count) = (_options.NewAppend(_time), 0);
        foreach (var index in append.Part(_partition))
        {
            var data = HubEvent.Encode(append.Batch.RecordMemory(index));
            HubEvent.Mark(data, id);
            while (true)
            {
                var (added, failure) = await AddAsync(data);
                if (added)
                    break;
                if (failure is not null)
                    return failure;
                // More than one batch holds: those before must be stored before the rest is sent.
                if (count > 0)
                    _parts.Add((append, new AppendMark(_partition, id, count), IsLast: false));
                if (await FlushAsync(append) is { } failed)
                    return failed;
                (id, count) = (_options.NewAppend(_time), 0);
                HubEvent.Mark(data, id);
            }
            count++;
        }
        _parts.Add((append, new AppendMark(_partition, id, count), IsLast: true));
        return null;
    }

    /// <summary>Adds to the batch at hand if there is room; a failure if there can be no batch, or none can hold the event.</summary>
    private async Task<(bool, Exception?)> AddAsync(EventData data)
    {
        try
        {
            _batch ??= await _hub.CreateBatchAsync(_id, CancellationToken.None);
        }
        catch (Exception e) when (HubFailure.IsOfHub(e))
        {
            return (false, HubFailure.Of(e, _hub.Name, $"take events for partition {_partition}"));
        }
        return _batch.TryAdd(data) ? (true, null)
            : (false, _batch.Count > 0 ? null : new ArgumentException($"An event is larger than the hub takes ({_batch.MaximumSizeInBytes} bytes)."));
    }

    /// <summary>Sends the batch at hand and tells its appends; returns why it failed to the one that is not done yet.</summary>
    private async Task<Exception?> FlushAsync(HubAppend? unfinished = null)
    {
        if (_batch is not { } batch)
            return null;
        (_batch, _batchBytes) = (null, 0);
        var failure = batch.Count == 0 ? null : await HubRetry.SendAsync(_hub, batch, _partition, _options, _time);
        batch.Dispose();
        foreach (var (append, mark, isLast) in _parts)
            if (failure is null && isLast)
                append.Stored(mark);
            else if (failure is not null && append != unfinished)
                append.Failed(failure);
        _parts.Clear();
        return failure;
    }
}
