using Kappa.Contracts;
using Kappa.Events;
using Kappa.Grains.Builds;
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
public sealed class GrainsCluster : ViewsHost
{
    private readonly ViewsHostSettings _settings;
    private readonly int _silos;
    private IReadOnlyList<View> _views;

    private GrainsCluster(ViewsHostSettings settings, int silos, IReadOnlyList<View> views)
    {
        (_settings, _silos, _views) = (settings, silos, views);
        Log = new MemoryLog(time: settings.Time);
    }

    public MemoryLog Log { get; }
    public SharedStorage Storage { get; } = new();
    public InProcessTestCluster Cluster { get; private set; } = null!;
    public Action<GrainsOptions> Configure { get; init; } = _ => { };

    /// <summary>What stands between log and streams.</summary>
    internal IDeliveries? Deliveries { get; init; }

    public override bool ReadsBesideFolds => false;
    public override ILogWriter Writer => Log;
    public override ILogReader Reader => Log;
    public override IViews Views => Cluster.Silos.First(silo => silo.IsActive).ServiceProvider.GetRequiredService<IViews>();
    public override IRebuilds Rebuilds => Cluster.Silos.First(silo => silo.IsActive).ServiceProvider.GetRequiredService<IRebuilds>();

    public static Task<GrainsCluster> StartAsync(params View[] views) => StartAsync(new ViewsHostSettings(), 3, null, null, views);

    internal static async Task<GrainsCluster> StartAsync(ViewsHostSettings settings, int silos, Action<GrainsOptions>? configure, IDeliveries? deliveries, params View[] views)
    {
        var cluster = new GrainsCluster(settings, silos, views.Length == 0 ? [new AccountView()] : views) { Configure = configure ?? (_ => { }), Deliveries = deliveries };
        await cluster.StartAsync();
        return cluster;
    }

    public override async Task RestartAsync(params View[] views)
    {
        await Cluster.DisposeAsync();
        _views = views.Length == 0 ? [new AccountView()] : views;
        await StartAsync();
    }

    public override async Task CaughtUpAsync(string view = "account")
    {
        var end = new Receipt(LogCuts.EndOf(Log));
        Assert.NotEqual(ReadStatus.NotYet, (await Views.ReadAsync(view, "anything", end, Patience)).Status);
    }

    public override async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Log.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var builder = new InProcessTestClusterBuilder((short)_silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.InitializeClientOnDeploy = false;
        builder.ConfigureSilo((_, silo) => ConfigureSilo(silo));
        Cluster = builder.Build();
        await Cluster.DeployAsync();
        await ServingAsync();
    }

    private void ConfigureSilo(ISiloBuilder silo)
    {
        var options = new GrainsOptions { AuditEvery = TimeSpan.FromMilliseconds(100), Lease = TimeSpan.FromMilliseconds(200) };
        options.WatchReplayMax = _settings.WatchReplayMax ?? options.WatchReplayMax;
        options.WatchersMax = _settings.WatchersMax ?? options.WatchersMax;
        Configure(options);
        silo.Services.AddSingleton<ILogReader>(Log);
        if (_settings.Time is { } time)
            silo.Services.AddSingleton(time);
        if (Deliveries is { } deliveries)
            silo.Services.AddSingleton(deliveries);
        silo.Services.AddKeyedSingleton(GrainsOptions.Provider, (services, _) => Storage.For(services.GetRequiredService<Serializer>()));
        silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        silo.AddKappaGrains(Types, _views, options);
        silo.AddLogStreams();
    }

    /// <summary>Waits until every view has a build that serves.</summary>
    private async Task ServingAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        foreach (var view in _views.Select(view => view.Name).Distinct())
            while (true)
                try
                {
                    await Views.ReadAsync(view, "anything", cancellationToken: patience.Token);
                    break;
                }
                catch (InvalidOperationException) when (!patience.IsCancellationRequested)
                {
                    await Task.Yield();
                }
    }
}
