using System.Net;
using Kappa.Events;
using Kappa.Grains;
using Kappa.Grains.Hosting;
using Kappa.Grains.Reading;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Views;
using Kappa.Web.Api;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace Kappa.Silo.Hosting;

/// <summary>The engine on Azure: Event Hubs as the log, silos that find each other and keep their state in Azure Storage, Azure SignalR for the push.</summary>
internal static class AzureEngine
{
    /// <summary>Enough to flush every instance in memory; the platform's grace period (infra/bicep, 120 seconds) is longer.</summary>
    private static readonly TimeSpan _shutdown = TimeSpan.FromSeconds(90);

    public static void AddAzureEngine(this WebApplicationBuilder builder, SiloSettings settings, EventTypes types, IReadOnlyList<View> views)
    {
        var (services, azure) = (builder.Services, new AzureServices(settings.Azure));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = _shutdown);
        services.AddSingleton(azure);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(types);
        services.AddSingleton<IEnumerable<View>>(views);
        services.AddSingleton<AzureLog>();
        services.AddSingleton<ILogProblems>(provider => provider.GetRequiredService<AzureLog>());
        if (settings.IsWeb)
        {
            services.AddSingleton(provider => provider.GetRequiredService<AzureLog>().Writer);
            if (builder.Configuration["Azure:SignalR:ConnectionString"] is { Length: > 0 })
                services.AddSignalR().AddAzureSignalR();
        }
        if (settings.IsSilo)
        {
            services.AddSingleton(provider => provider.GetRequiredService<AzureLog>().Reader);
            builder.UseOrleans(silo => Configure(silo, settings, azure, types, views));
        }
        else
        {
            builder.UseOrleansClient(client =>
            {
                client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.Cluster.Id, settings.Cluster.Service));
                client.UseAzureStorageClustering(tables => tables.TableServiceClient = azure.Tables());
            });
            services.AddKappaReading(types, views, settings.ToGrainsOptions());
            services.AddSingleton<ILogReader, GrainLogReader>();
        }
    }

    private static void Configure(ISiloBuilder silo, SiloSettings settings, AzureServices azure, EventTypes types, IReadOnlyList<View> views)
    {
        var cluster = settings.Cluster;
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.Id, cluster.Service));
        silo.Configure<EndpointOptions>(endpoints =>
        {
            // Behind a platform's address the ports that others see may be other ones than those that this process listens on.
            if (cluster.AdvertisedAddress is { } address)
                endpoints.AdvertisedIPAddress = IPAddress.Parse(address);
            (endpoints.SiloPort, endpoints.GatewayPort) = (cluster.AdvertisedSiloPort ?? cluster.SiloPort, cluster.AdvertisedGatewayPort ?? cluster.GatewayPort);
            endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Any, cluster.SiloPort);
            endpoints.GatewayListeningEndpoint = new IPEndPoint(IPAddress.Any, cluster.GatewayPort);
        });
        silo.UseAzureStorageClustering(tables => tables.TableServiceClient = azure.Tables());
        silo.AddAzureTableGrainStorage(GrainsOptions.Provider, storage => storage.Configure<IServiceProvider>((options, services) =>
        {
            options.TableServiceClient = azure.Tables();
            options.TableName = "KappaViews";
            // What is deleted leaves no row behind.
            options.DeleteStateOnClear = true;
            // Bytes as they are: the usual JSON would make of them a third more.
            options.GrainStorageSerializer = services.GetRequiredService<OrleansGrainStorageSerializer>();
        }));
        silo.Services.AddSingleton<OrleansGrainStorageSerializer>();
        silo.Configure<GrainCollectionOptions>(collection => collection.EnableActivationSheddingOnMemoryPressure = true);
        silo.AddKappaGrains(types, views, settings.ToGrainsOptions());
        silo.AddHubStreams(azure);
        if (azure.Checkpoints() is { } checkpoints)
            silo.Services.AddHostedService(services => new CheckpointService(services.GetRequiredService<IViews>().ListAsync, checkpoints.WriteAsync, IsFirst(services),
                services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CheckpointService>>()));
    }

    /// <summary>Whether this silo is the first of those that are active; for what one of them is to do, and two may do.</summary>
    private static Func<bool> IsFirst(IServiceProvider services)
    {
        var (membership, self) = (services.GetRequiredService<IClusterMembershipService>(), services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
        return () => self.Equals(membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).Min());
    }
}
