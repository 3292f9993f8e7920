using Azure.Messaging.EventHubs.Producer;

namespace Kappa.Silo.EventHubs;

/// <summary>Asks a hub again while what stands in the way may pass.</summary>
internal static class HubRetry
{
    /// <summary>Asks until there is an answer, or <see cref="EventHubLogOptions.ReadTimeout"/> has passed. What fails for other reasons than the hub's goes through.</summary>
    /// <exception cref="Log.LogUnavailableException">The hub does not answer.</exception>
    public static async ValueTask<T> AskAsync<T>(IHub hub, string what, EventHubLogOptions options, TimeProvider time, Func<ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var delay = options.RetryAfter; ; delay = options.Next(delay))
            try
            {
                return await ask();
            }
            catch (Exception e) when (HubFailure.IsPassing(e) && time.GetElapsedTime(started) + delay < options.ReadTimeout)
            {
                await Task.Delay(delay, time, cancellationToken);
            }
            catch (Exception e) when (HubFailure.IsOfHub(e))
            {
                throw HubFailure.Of(e, hub.Name, what);
            }
    }

    /// <summary>Sends a batch, until <see cref="EventHubLogOptions.SendTimeout"/> has passed. Null once it is stored; else why it is not, or may not be. Never throws for a failure of the hub.</summary>
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
