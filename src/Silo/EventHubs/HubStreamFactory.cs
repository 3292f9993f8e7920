using System.Globalization;
using Kappa.Grains;
using Kappa.Grains.Streams;
using Kappa.Log;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Statistics;
using Orleans.Streaming.EventHubs;
using Orleans.Streams;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// The Event Hubs stream provider with the fan-out: one queue per partition, received through the log, and a cache in which one event has an entry for each
/// instance that it is routed to. Its receivers never start at the end of a partition unasked, its cache forgets no stream's place, and it sends nothing.
/// </summary>
internal sealed class HubStreamFactory : EventHubAdapterFactory
{
    private readonly ILogReader _log;

    public HubStreamFactory(string name, EventHubOptions hub, EventHubReceiverOptions receiver, EventHubStreamCachePressureOptions pressure, StreamCacheEvictionOptions eviction,
        StreamStatisticOptions statistics, IEventHubDataAdapter data, IServiceProvider services, ILoggerFactory loggers, IEnvironmentStatisticsProvider environment)
        : base(name, hub, receiver, pressure, eviction, statistics, data, services, loggers, environment)
    {
        _log = services.GetRequiredService<ILogReader>();
        var (fanOut, deliveries, time) = (services.GetRequiredService<FanOut>(), services.GetService<IDeliveries>(), services.GetRequiredService<TimeProvider>());
        var options = services.GetRequiredService<GrainsOptions>();
        Direction = StreamProviderDirection.ReadOnly;
        CacheFactory = (_, checkpointer, _) => new HubRunCache(checkpointer, time);
        EventHubReceiverFactory = (settings, checkpoint, _) => new HubStreamReceiver(
            _log, int.Parse(settings.Partition, CultureInfo.InvariantCulture), checkpoint, fanOut, deliveries, options.DuplicateWindow, options.LiveDistance, time,
            loggers.CreateLogger<HubStreamReceiver>());
    }

    public static HubStreamFactory Make(IServiceProvider services, string name)
    {
        var factory = ActivatorUtilities.CreateInstance<HubStreamFactory>(services, name, services.GetOptionsByName<EventHubOptions>(name),
            services.GetOptionsByName<EventHubReceiverOptions>(name), services.GetOptionsByName<EventHubStreamCachePressureOptions>(name),
            services.GetOptionsByName<StreamCacheEvictionOptions>(name), services.GetOptionsByName<StreamStatisticOptions>(name),
            ActivatorUtilities.CreateInstance<EventHubDataAdapter>(services));
        factory.Init();
        return factory;
    }

    /// <summary>Nobody writes to the log through a stream.</summary>
    public override Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException("Events are appended to the log, not to streams.");

    /// <summary>The log has its connections; the provider needs none, and no right to send.</summary>
    protected override void InitEventHubClient()
    {
    }

    protected override Task<string[]> GetPartitionIdsAsync() =>
        Task.FromResult(Enumerable.Range(0, _log.PartitionCount).Select(partition => partition.ToString(CultureInfo.InvariantCulture)).ToArray());
}
