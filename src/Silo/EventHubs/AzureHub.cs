using Azure.Core;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Producer;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// A hub of Event Hubs, or of its emulator. Sends and receives have a connection each, so that neither waits for the
/// other's bytes; the one for sending is opened with the first send, so that a host that only reads needs no right to send.
/// </summary>
internal sealed class AzureHub : IHub
{
    private readonly string _consumerGroup;
    private readonly EventHubConnection _reading;
    private readonly EventHubConsumerClient _consumer;
    private readonly Lazy<EventHubProducerClient> _producer;
    private readonly EventHubsRetryOptions _retries = new() { MaximumRetries = 3, TryTimeout = TimeSpan.FromSeconds(20) };

    private AzureHub(string consumerGroup, Func<EventHubConnection> connect)
    {
        _consumerGroup = consumerGroup;
        _reading = connect();
        _consumer = new EventHubConsumerClient(consumerGroup, _reading, new EventHubConsumerClientOptions { RetryOptions = _retries });
        _producer = new Lazy<EventHubProducerClient>(() => new EventHubProducerClient(connect(), new EventHubProducerClientOptions { RetryOptions = _retries }));
    }

    public string Name => $"{_reading.FullyQualifiedNamespace}/{_reading.EventHubName}";

    /// <summary>Connects with a managed identity or whatever the credential stands for. Nothing is sent yet.</summary>
    public static AzureHub Of(string fullyQualifiedNamespace, string hub, string consumerGroup, TokenCredential credential) =>
        new(consumerGroup, () => new EventHubConnection(fullyQualifiedNamespace, hub, credential));

    /// <summary>Connects with a connection string, for emulators.</summary>
    /// <param name="hub">The hub, unless the connection string names it.</param>
    public static AzureHub Of(string connectionString, string? hub, string consumerGroup) =>
        new(consumerGroup, () => string.IsNullOrEmpty(hub) ? new EventHubConnection(connectionString) : new EventHubConnection(connectionString, hub));

    public async ValueTask<EventHubProperties> DescribeAsync(CancellationToken cancellationToken) =>
        await _consumer.GetEventHubPropertiesAsync(cancellationToken);

    public async ValueTask<PartitionProperties> DescribeAsync(string partition, CancellationToken cancellationToken) =>
        await _consumer.GetPartitionPropertiesAsync(partition, cancellationToken);

    public ValueTask<EventDataBatch> CreateBatchAsync(string partition, CancellationToken cancellationToken) =>
        _producer.Value.CreateBatchAsync(new CreateBatchOptions { PartitionId = partition }, cancellationToken);

    public Task SendAsync(EventDataBatch batch, CancellationToken cancellationToken) => _producer.Value.SendAsync(batch, cancellationToken);

    public IHubReceiver Receive(string partition, HubPosition from, int prefetch) => new Receiver(new PartitionReceiver(
        _consumerGroup, partition, from.ToEventPosition(), _reading,
        new PartitionReceiverOptions { PrefetchCount = prefetch, TrackLastEnqueuedEventProperties = false, RetryOptions = _retries }));

    public async ValueTask DisposeAsync()
    {
        if (_producer.IsValueCreated)
            await _producer.Value.DisposeAsync();
        await _consumer.DisposeAsync();
        await _reading.DisposeAsync();
    }

    private sealed class Receiver(PartitionReceiver receiver) : IHubReceiver
    {
        public async Task<IReadOnlyList<EventData>> ReceiveAsync(int eventsMax, TimeSpan wait, CancellationToken cancellationToken) =>
            [.. await receiver.ReceiveBatchAsync(eventsMax, wait, cancellationToken)];

        public ValueTask DisposeAsync() => receiver.DisposeAsync();
    }
}
