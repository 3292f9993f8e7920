using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// The little of a hub that the log stands on: a seam, so that tests can fail, delay and repeat each of it. Thread-safe.
/// Fails with what the client library throws.
/// </summary>
internal interface IHub : IAsyncDisposable
{
    /// <summary>Namespace and hub, for people.</summary>
    string Name { get; }

    ValueTask<EventHubProperties> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Where a partition begins and ends now.</summary>
    ValueTask<PartitionProperties> DescribeAsync(string partition, CancellationToken cancellationToken);

    /// <summary>An empty batch for one partition.</summary>
    ValueTask<EventDataBatch> CreateBatchAsync(string partition, CancellationToken cancellationToken);

    /// <summary>Completes once the hub has stored the batch, all of it. After a failure it may have, or not.</summary>
    Task SendAsync(EventDataBatch batch, CancellationToken cancellationToken);

    /// <summary>A reader of one partition; it connects when it is first asked. The service allows five of them per partition and consumer group.</summary>
    /// <param name="prefetch">How many events may be fetched ahead.</param>
    IHubReceiver Receive(string partition, HubPosition from, int prefetch);
}
