using Kappa.Grains;
using Kappa.Log;
using Kappa.Silo.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Streams;

namespace Kappa.Silo.EventHubs;

/// <summary>Feeds the streams of a silo from the hub.</summary>
public static class HubStreams
{
    /// <summary>
    /// Adds the Event Hubs stream provider with the fan-out. The silo must bring the hub as its <see cref="ILogReader"/>; checkpoints are
    /// kept in the silo's grain storage. A silo that stops writes them; one that is killed has events delivered again, which grains drop.
    /// </summary>
    /// <param name="persistEvery">How often checkpoints are written, at most.</param>
    public static ISiloBuilder AddHubStreams(this ISiloBuilder silo, AzureServices azure, TimeSpan? persistEvery = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(azure);
        silo.AddEventHubStreams(GrainsOptions.Provider, streams =>
        {
            streams.ConfigureEventHub(builder => builder.Configure(hub =>
                hub.ConfigureEventHubConnection(how => azure.Connect(how), azure.Hub, azure.Options.EventHubs.ConsumerGroup)));
            streams.UseGrainCheckpointer(builder => builder.Configure(checkpoints =>
            {
                checkpoints.StorageProviderName = GrainsOptions.Provider;
                checkpoints.PersistInterval = persistEvery ?? TimeSpan.FromSeconds(5);
            }));
            streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
            streams.ConfigurePullingAgent(builder => builder.Configure(agent => agent.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10)));
        });
        // The last one that is registered under a name is taken.
        silo.Services.AddKeyedSingleton<IQueueAdapterFactory>(GrainsOptions.Provider, (services, _) => HubStreamFactory.Make(services, GrainsOptions.Provider));
        return silo;
    }
}
