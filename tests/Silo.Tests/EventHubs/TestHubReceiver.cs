using Azure.Messaging.EventHubs;
using Kappa.Silo.EventHubs;

namespace Kappa.Tests.EventHubs;

/// <summary>A reader of a hub in memory; it counts from its first receive until it is closed.</summary>
internal sealed class TestHubReceiver(TestHub hub, string id, HubPosition from) : IHubReceiver
{
    private readonly TestHubPartition _partition = hub.Of(id);
    private long _at = -1;

    public async Task<IReadOnlyList<EventData>> ReceiveAsync(int eventsMax, TimeSpan wait, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        hub.BeforeReceive?.Invoke(id);
        if (hub.HoldReceive is { } hold)
            await hold(id, cancellationToken);
        if (_at < 0)
        {
            var at = _partition.At(from);
            _partition.Enter();
            _at = at;
        }
        var (events, arrived) = _partition.Take(_at, eventsMax);
        if (events.Count == 0)
            try
            {
                await arrived.WaitAsync(wait, cancellationToken);
                (events, _) = _partition.Take(_at, eventsMax);
            }
            catch (TimeoutException)
            {
                return [];
            }
        if (events.Count > 0)
            _at = events[^1].SequenceNumber + 1;
        return events;
    }

    public ValueTask DisposeAsync()
    {
        if (_at >= 0)
            _partition.Leave();
        _at = -1;
        hub.BeforeClosed?.Invoke(id);
        return default;
    }
}
