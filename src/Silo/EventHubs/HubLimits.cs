using Kappa.Events;

namespace Kappa.Silo.EventHubs;

/// <summary>Finds events that no message of the hub can hold, before anything of an append is sent.</summary>
internal static class HubLimits
{
    /// <summary>Every tier takes messages this large, so smaller ones need no question.</summary>
    private const int MessageBytesMin = 200_000;

    /// <exception cref="ArgumentException">An event is too large; nothing was sent.</exception>
    public static async ValueTask CheckAsync(IHub hub, string partition, EventBatch batch, CancellationToken cancellationToken)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (HubEvent.BytesMax(batch.Record(i)) <= MessageBytesMin)
                continue;
            try
            {
                using var one = await hub.CreateBatchAsync(partition, cancellationToken);
                var data = HubEvent.Encode(batch.RecordMemory(i));
                HubEvent.Mark(data, Guid.Empty);
                if (!one.TryAdd(data))
                    throw new ArgumentException($"Event {i} of the append takes {batch.Record(i).Length} bytes, and the hub {hub.Name} takes messages of at most "
                        + $"{one.MaximumSizeInBytes} bytes, with all their names. Keep large content elsewhere and append a reference to it.", nameof(batch));
            }
            catch (Exception e) when (HubFailure.IsOfHub(e))
            {
                throw HubFailure.Of(e, hub.Name, "take events");
            }
        }
    }
}
