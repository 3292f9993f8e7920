using Azure.Messaging.EventHubs.Producer;

namespace Kappa.Silo.EventHubs;

/// <summary>Sends a batch until the hub has it, or the time is up.</summary>
internal static class HubRetry
{
    /// <summary>Null once it is stored; else why it is not, or may not be. Never throws for a failure of the hub.</summary>
    public static async Task<Exception?> SendAsync(IHub hub, EventDataBatch batch, int partition, EventHubLogOptions options, TimeProvider time)
    {
        var started = time.GetTimestamp();
        for (var delay = options.RetryAfter; ; delay = options.Next(delay))
            try
            {
                await hub.SendAsync(batch, CancellationToken.None);
                return null;
            }
            catch (Exception e) when (HubFailure.IsPassing(e) && time.GetElapsedTime(started) + delay < options.SendTimeout)
            {
                // The same batch again, before any other: if it was stored after all, readers drop the repeat.
                await Task.Delay(delay, time);
            }
            catch (Exception e) when (HubFailure.IsOfHub(e) || e is OperationCanceledException)
            {
                return HubFailure.Of(e, hub.Name, $"store the events in partition {partition}; they may be stored in part, append the same events again");
            }
    }
}
