using Kappa.Contracts;
using Kappa.Events;
using Kappa.Grains.Hosting;
using Kappa.Grains.Streams;
using Kappa.Log;
using Kappa.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Kappa.Grains.Tests;

/// <summary>Silos in this process over one log in memory and one storage that outlives them.</summary>
internal sealed class SiloCluster(EventTypes types, int silos, IReadOnlyList<View> views, Action<GrainsOptions>? configure = null, IDeliveries? deliveries = null, TimeProvider? time = null)
    : IAsyncDisposable
{
    private InProcessTestCluster? _cluster;
    private bool _isStopped;

    public MemoryLog Log { get; } = new(time: time);
    public EventTypes Types => types;
    public SharedStorage Storage { get; } = new();
    public IReadOnlyList<View> ViewsNow { get; private set; } = views;
    public IViews Views => Service<IViews>();
    public IRebuilds Rebuilds => Service<IRebuilds>();

    /// <summary>The views of a silo that starts; by default all.</summary>
    public Func<int, IReadOnlyList<View>>? ViewsOf { get; set; }

    /// <summary>
    /// What a silo that starts reads the log through, where each has a reader of its own. There are no streams then: they would tell a reader of every event,
    /// and what comes by them is no proof of anything else.
    /// </summary>
    public Func<ILogReader, ILogReader>? ReaderOf { get; set; }

    public IReadOnlyList<InProcessSiloHandle> Silos => [.. _cluster!.Silos.Where(silo => silo.IsActive)];

    /// <summary>Of the silo that was started first and still runs.</summary>
    public T Service<T>() where T : notnull => Silos[0].ServiceProvider.GetRequiredService<T>();

    public async Task StartAsync()
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.InitializeClientOnDeploy = false;
        builder.ConfigureSilo((specific, silo) => Configure(silo, ViewsOf?.Invoke(int.Parse(specific.SiloName.Split('_')[^1], System.Globalization.CultureInfo.InvariantCulture)) ?? ViewsNow));
        _cluster = builder.Build();
        _isStopped = false;
        await _cluster.DeployAsync();
    }

    /// <param name="between">What happens while no silo runs.</param>
    public async Task RestartAsync(IReadOnlyList<View> with, Action? between = null)
    {
        await StopAsync();
        between?.Invoke();
        ViewsNow = with;
        await StartAsync();
    }

    /// <summary>Ends a silo without a word to the others.</summary>
    public Task KillAsync(InProcessSiloHandle silo) => _cluster!.KillSiloAsync(silo);

    public Task StopAsync(InProcessSiloHandle silo) => _cluster!.StopSiloAsync(silo);

    public Task<InProcessSiloHandle> AddAsync() => _cluster!.StartAdditionalSiloAsync();

    /// <summary>The views as one silo reads them.</summary>
    public static IViews ViewsOn(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<IViews>();

    /// <summary>Waits until a view shows everything that the log holds now.</summary>
    public async Task CaughtUpAsync(string view)
    {
        var end = new Receipt(LogCuts.EndOf(Log));
        Assert.NotEqual(ReadStatus.NotYet, (await Views.ReadAsync(view, "anything", end, ViewsHost.Patience * 2)).Status);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Log.DisposeAsync();
    }

    private async Task StopAsync()
    {
        if (_isStopped || _cluster is null)
            return;
        _isStopped = true;
        await _cluster.DisposeAsync();
    }

    private void Configure(ISiloBuilder silo, IReadOnlyList<View> views)
    {
        var options = new GrainsOptions { AuditEvery = TimeSpan.FromMilliseconds(100), Lease = TimeSpan.FromMilliseconds(200) };
        configure?.Invoke(options);
        silo.Services.AddSingleton(ReaderOf?.Invoke(Log) ?? Log);
        if (time is not null)
            silo.Services.AddSingleton(time);
        if (deliveries is not null)
            silo.Services.AddSingleton(deliveries);
        silo.Services.AddKeyedSingleton(GrainsOptions.Provider, (services, _) => Storage.For(services.GetRequiredService<Serializer>()));
        silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        // A silo that is gone is noticed within about a second.
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            membership.NumMissedProbesLimit = 2;
            membership.NumVotesForDeathDeclaration = 1;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
        });
        silo.AddKappaGrains(types, views, options);
        if (ReaderOf is null)
            silo.AddLogStreams();
    }
}
