using Azure.Messaging.EventHubs;

namespace Kappa.Silo.EventHubs;

/// <summary>Reads one partition onwards from a position. Used by one caller at a time.</summary>
internal interface IHubReceiver : IAsyncDisposable
{
    /// <summary>The next events, as soon as there is one; none if the wait passes first.</summary>
    Task<IReadOnlyList<EventData>> ReceiveAsync(int eventsMax, TimeSpan wait, CancellationToken cancellationToken);
}
