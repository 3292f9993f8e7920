using Kappa.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Kappa.Grains.Streams;

/// <summary>
/// Orleans streams fed straight from a log that this process can read: one queue per partition, read from its end on (what came before is caught
/// up by the auditors). For one process with one or more silos; on Azure, Event Hubs is the queue.
/// </summary>
internal sealed class LogStreams : IQueueAdapterFactory, IQueueAdapter, IQueueAdapterCache
{
    private readonly ILogReader _log;
    private readonly FanOut _fanOut;
    private readonly IGrainFactory _grains;
    private readonly IDeliveries? _deliveries;
    private readonly TimeProvider _time;
    private readonly HashRingBasedPartitionedStreamQueueMapper _mapper;
    private readonly Dictionary<QueueId, int> _partitions;

    public LogStreams(string name, ILogReader log, FanOut fanOut, IGrainFactory grains, TimeProvider time, IDeliveries? deliveries)
    {
        (Name, _log, _fanOut, _grains, _time, _deliveries) = (name, log, fanOut, grains, time, deliveries);
        _mapper = new HashRingBasedPartitionedStreamQueueMapper([.. Enumerable.Range(0, log.PartitionCount).Select(PartitionName)], name);
        var byName = Enumerable.Range(0, log.PartitionCount).ToDictionary(PartitionName);
        _partitions = _mapper.GetAllQueues().ToDictionary(queue => queue, queue => byName[_mapper.QueueToPartition(queue)]);
    }

    public string Name { get; }
    public bool IsRewindable => false;
    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public static LogStreams Create(IServiceProvider services, string name) => new(name, services.GetRequiredService<ILogReader>(),
        services.GetRequiredService<FanOut>(), services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<TimeProvider>(), services.GetService<IDeliveries>());

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);
    public IQueueAdapterCache GetQueueAdapterCache() => this;
    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;
    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());
    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) =>
        new LogStreamReceiver(_log, _partitions[queueId], _fanOut, new BulkDelivery(_fanOut, _grains, _partitions[queueId]), _time, _deliveries);

    public IQueueCache CreateQueueCache(QueueId queueId) => new RunCache(_time);

    /// <summary>Nobody writes to the log through a stream.</summary>
    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException("Events are appended to the log, not to streams.");

    private static string PartitionName(int partition) => partition.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
