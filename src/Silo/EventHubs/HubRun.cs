using Kappa.Events;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>One reader behind the end of a partition, kept open from page to page as long as it is read on. Used by one caller at a time.</summary>
internal sealed class HubRun : IAsyncDisposable
{
    /// <summary>Who asks for less wants single events, not a run: nothing is fetched ahead for him.</summary>
    private const int RunBytesMin = 16 << 10;
    private const int EventBytesUsual = 256;

    private readonly HubTail _tail;
    private readonly IHub _hub;
    private readonly int _partition;
    private readonly string _id;
    private readonly HubMapping _mapping;
    private readonly EventHubLogOptions _options;
    private readonly IHubReceiver _receiver;
    private RecordedEvent[] _received = [];
    private int _at;

    public HubRun(IHub hub, int partition, string id, HubMapping mapping, HubTail tail, EventHubLogOptions options, long from, int bytesMax)
    {
        (_hub, _partition, _id, _mapping, _tail, _options, Next) = (hub, partition, id, mapping, tail, options, from);
        IsForOne = bytesMax < RunBytesMin;
        _receiver = hub.Receive(id, HubPosition.From(from), IsForOne ? 0 : options.ReceiveEventsMax);
    }

    /// <summary>Whether it was made for who wants single events.</summary>
    public bool IsForOne { get; }

    /// <summary>The sequence that it reads next.</summary>
    public long Next { get; private set; }

    /// <summary>When it was last used.</summary>
    public long Used { get; set; }

    /// <summary>The next page. There must be an event: the hub is waited for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Retention has removed what should come next.</exception>
    public async ValueTask<LogPage> ReadAsync(int bytesMax, CancellationToken cancellationToken)
    {
        var events = new List<RecordedEvent>();
        for (var bytes = 0L; events.Count == 0 || bytes < bytesMax;)
        {
            if (_at == _received.Length)
            {
                // Enough for a page: what the hub has not sent yet is for the next one.
                if (events.Count > 0)
                    break;
                await ReceiveAsync(bytesMax, cancellationToken);
            }
            bytes += _received[_at].Record.Length;
            events.Add(_received[_at++]);
        }
        Next = events[^1].Position.Sequence + 1;
        return HubWindow.PageOf(events);
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private async ValueTask ReceiveAsync(int bytesMax, CancellationToken cancellationToken)
    {
        var count = Math.Clamp(bytesMax / EventBytesUsual, 1, _options.ReceiveEventsMax);
        var events = HubOrder.From(Next, await _receiver.ReceiveAsync(count, _options.RetryAfterMax, cancellationToken));
        if (events.Count == 0)
            throw new TimeoutException($"nothing came, though the end of the partition is at {_tail.Next}");
        if (events[0].SequenceNumber > Next)
        {
            _tail.Observe(await _hub.DescribeAsync(_id, cancellationToken));
            HubOrder.ThrowIfHole(_hub.Name, _partition, Next, events[0].SequenceNumber, _tail.First);
            ArgumentOutOfRangeException.ThrowIfLessThan(Next, _tail.First);
        }
        _received = _mapping.Map(events, _partition);
        _at = 0;
        _tail.Observe(0, _received[^1].Position.Sequence + 1);
    }
}
