using Azure.Messaging.EventHubs;
using Kappa.Silo.EventHubs;

namespace Kappa.Tests.EventHubs;

/// <summary>A reader of a hub in memory; it counts from its first receive until it is closed.</summary>
internal sealed class TestHubReceiver(TestHubPartition partition, Func<long> start, Action before) : IHubReceiver
{
    private long _at = -1;

    public async Task<IReadOnlyList<EventData>> ReceiveAsync(int eventsMax, TimeSpan wait, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        before();
        if (_at < 0)
        {
            partition.Enter();
            _at = start();
        }
        var (events, arrived) = partition.Take(_at, eventsMax);
        if (events.Count == 0)
            try
            {
                await arrived.WaitAsync(wait, cancellationToken);
                (events, _) = partition.Take(_at, eventsMax);
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
            partition.Leave();
        return default;
    }
}
