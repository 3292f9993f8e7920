using Kappa.Contracts;
using Kappa.Grains;
using Kappa.Grains.Hosting;
using Kappa.Grains.Streams;
using Kappa.Grains.Tests;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Silo.Hosting;
using Kappa.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.TestingHost;

namespace Kappa.Tests.EventHubs;

/// <summary>
/// Silos in this process whose streams come from a hub through the Event Hubs provider, over a storage that outlives them. As if they were processes,
/// each reads the hub through a log of its own, and knows nothing of what the others read.
/// </summary>
internal sealed class HubSilos(Func<Task<EventHubLog>> open, SharedStorage storage, int silos, IDeliveries? deliveries = null, TimeSpan? auditEvery = null) : IAsyncDisposable
{
    // Never connected to: the provider receives through the log.
    private const string Nowhere = "Endpoint=sb://localhost;SharedAccessKeyName=n;SharedAccessKey=bg==;UseDevelopmentEmulator=true;EntityPath=hub";

    private readonly List<EventHubLog> _logs = [];
    private InProcessTestCluster? _cluster;
    private int _configured;

    public IViews Views => ViewsOf(0);

    public IViews ViewsOf(int silo) => _cluster!.Silos[silo].ServiceProvider.GetRequiredService<IViews>();

    public async Task StartAsync()
    {
        while (_logs.Count < silos)
            _logs.Add(await open());
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.InitializeClientOnDeploy = false;
        // Checkpoints are kept by service.
        builder.Options.ServiceId = "hub-silos";
        builder.ConfigureSilo((_, silo) => Configure(silo));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    /// <summary>Waits for what was appended, so that nobody appends faster than the views follow: else all would come by way of catching up, and nothing by streams.</summary>
    public async Task ShownAsync(Receipt receipt) =>
        Assert.Equal(ReadStatus.NotFound, (await Views.ReadAsync("game", "none", receipt, OpenHub.Patience)).Status);

    /// <summary>Waits until all views show everything that the hub holds now.</summary>
    public async Task CaughtUpAsync()
    {
        var end = new Receipt(await LogCuts.EndAsync(_logs[0]));
        foreach (var view in ShippedViews.All())
            Assert.NotEqual(ReadStatus.NotYet, (await Views.ReadAsync(view.Name, "anything", end, ViewsHost.Patience)).Status);
    }

    public async Task MustBeCompleteAsync()
    {
        foreach (var view in ShippedViews.All())
        {
            var report = await Views.AuditAsync(view.Name);
            Assert.True(report.Complete, $"{view.Name}: " + string.Join("\n", report.Problems));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
        }
        foreach (var log in _logs)
            await log.DisposeAsync();
    }

    private void Configure(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ILogReader>(_logs[_configured++]);
        silo.Services.AddKeyedSingleton(GrainsOptions.Provider, (services, _) => storage.For(services.GetRequiredService<Serializer>()));
        silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        if (deliveries is not null)
            silo.Services.AddSingleton(deliveries);
        silo.AddKappaGrains(ShippedViews.Events(), ShippedViews.All(), new GrainsOptions { Lease = TimeSpan.FromMilliseconds(200), AuditEvery = auditEvery ?? TimeSpan.FromMilliseconds(500) });
        silo.AddHubStreams(new AzureServices(new AzureOptions { EventHubs = { ConnectionString = Nowhere } }), persistEvery: TimeSpan.FromMilliseconds(100));
    }
}
