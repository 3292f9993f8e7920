using System.Net;
using Kappa.Events;
using Kappa.Grains;
using Kappa.Grains.Hosting;
using Kappa.Log;
using Kappa.Silo.Storage;
using Kappa.Views;
using Kappa.Web.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Kappa.Silo.Hosting;

/// <summary>
/// Silos without Azure: streams fed from the file log, state in one file, all on this machine and in this process. The first is the host's own;
/// this service runs the others.
/// </summary>
internal sealed class LocalSilos(SiloSettings options, EventTypes types, IReadOnlyList<View> views, ILogReader log, DocumentFile documents, TimeProvider time) : IHostedService, IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var number = 1; number < options.Cluster.Silos; number++)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Services.AddSingleton(log);
            builder.Services.AddSingleton(time);
            var silo = number;
            builder.UseOrleans(orleans => Configure(orleans, options, types, views, _ => documents, silo));
            var host = builder.Build();
            _hosts.Add(host);
            await host.StartAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_hosts.Select(host => host.StopAsync(cancellationToken)));

    public ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            host.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a silo one of this machine's cluster; number 0 is the one that the others find it by.</summary>
    public static void Configure(ISiloBuilder silo, SiloSettings options, EventTypes types, IReadOnlyList<View> views, Func<IServiceProvider, DocumentFile> documents, int number)
    {
        var cluster = options.Cluster;
        silo.UseLocalhostClustering(cluster.SiloPort + number, cluster.GatewayPort + number, new IPEndPoint(IPAddress.Loopback, cluster.SiloPort), cluster.Service, cluster.Id);
        silo.Services.AddKeyedSingleton<IGrainStorage>(GrainsOptions.Provider, (services, _) => new LocalGrainStorage(documents(services), services.GetRequiredService<Serializer>()));
        silo.AddKappaGrains(types, views, options.ToGrainsOptions());
        silo.AddLogStreams();
        silo.Configure<SiloOptions>(named => named.SiloName = $"silo-{number}");
    }
}
