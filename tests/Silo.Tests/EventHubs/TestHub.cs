using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using Kappa.Silo.EventHubs;

namespace Kappa.Tests.EventHubs;

/// <summary>
/// A hub in memory, by the rules of the service that we rely on: sequences from 0 without holes, batches whole or not at all,
/// five readers per partition, retention from the front. Tests fail, hold and repeat what they like.
/// </summary>
internal sealed class TestHub(int partitions = 1, TimeProvider? time = null) : IHub
{
    private readonly DateTimeOffset _created = (time ?? TimeProvider.System).GetUtcNow();
    private readonly TestHubPartition[] _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new TestHubPartition(time ?? TimeProvider.System))];
    private readonly Dictionary<EventDataBatch, (string Partition, List<EventData> Events)> _batches = [];

    public string Name => "test.example/hub";

    public int BatchBytesMax { get; init; } = 1 << 20;

    /// <summary>Called with partition and number before a send, to hold or fail it.</summary>
    public Func<string, int, Task>? BeforeSend { get; set; }

    /// <summary>Called with partition and number after a send was stored, to fail it nevertheless.</summary>
    public Action<string, int>? AfterSend { get; set; }

    /// <summary>Called with the partition before a receive.</summary>
    public Action<string>? BeforeReceive { get; set; }

    /// <summary>Called with the partition before a receive, to hold it.</summary>
    public Func<string, CancellationToken, Task>? HoldReceive { get; set; }

    /// <summary>Called with the partition when a reader is closed, to fail that; its place is free all the same.</summary>
    public Action<string>? BeforeClosed { get; set; }

    /// <summary>Called with the partition before the hub is asked where it begins and ends, to hold or fail that.</summary>
    public Func<string, Task>? HoldDescribe { get; set; }

    /// <summary>The most readers of one partition that were open at once.</summary>
    public int ReadersSeen => _partitions.Max(partition => partition.ReadersSeen);

    public int Sends { get; private set; }

    public TestHubPartition this[int partition] => _partitions[partition];

    public static EventHubsException Failure(EventHubsException.FailureReason reason = EventHubsException.FailureReason.ServiceBusy) =>
        new("hub", "It was told to fail.", reason);

    public ValueTask<EventHubProperties> DescribeAsync(CancellationToken cancellationToken) =>
        new(EventHubsModelFactory.EventHubProperties("hub", _created, [.. Enumerable.Range(0, partitions).Select(partition => $"{partition}")]));

    public async ValueTask<PartitionProperties> DescribeAsync(string partition, CancellationToken cancellationToken)
    {
        if (HoldDescribe is { } hold)
            await hold(partition);
        return Of(partition).Describe(partition);
    }

    public ValueTask<EventDataBatch> CreateBatchAsync(string partition, CancellationToken cancellationToken)
    {
        var (events, bytes) = (new List<EventData>(), 0L);
        // Events are copied at the send; what is added may be changed for the next batch only if it was refused.
        var batch = EventHubsModelFactory.EventDataBatch(0, events, new CreateBatchOptions { PartitionId = partition, MaximumSizeInBytes = BatchBytesMax },
            data => Size(data) is var size && bytes + size <= BatchBytesMax && (bytes += size) > 0);
        lock (_batches)
            _batches.Add(batch, (partition, events));
        return new(batch);
    }

    public async Task SendAsync(EventDataBatch batch, CancellationToken cancellationToken)
    {
        int number;
        (string Partition, List<EventData> Events) sent;
        lock (_batches)
            (number, sent) = (Sends++, _batches[batch]);
        if (BeforeSend is not null)
            await BeforeSend(sent.Partition, number);
        Of(sent.Partition).Store(sent.Events);
        AfterSend?.Invoke(sent.Partition, number);
    }

    public IHubReceiver Receive(string partition, HubPosition from, int prefetch) => new TestHubReceiver(this, partition, from);

    public ValueTask DisposeAsync() => default;

    internal TestHubPartition Of(string partition) => _partitions[int.Parse(partition, null)];

    private static int Size(EventData data) => 30 + data.Body.Length
        + data.Properties.Sum(property => property.Key.Length + System.Text.Encoding.UTF8.GetByteCount((string)property.Value) + 10);
}
