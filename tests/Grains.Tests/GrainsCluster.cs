using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>A cluster for the contract suites.</summary>
internal sealed class GrainsCluster : ViewsHost
{
    private readonly SiloCluster _silos;

    private GrainsCluster(ViewsHostSettings settings, IReadOnlyList<View> views, Action<GrainsOptions>? configure, int silos) => _silos = new SiloCluster(Types, silos, views, options =>
    {
        options.WatchReplayMax = settings.WatchReplayMax ?? options.WatchReplayMax;
        options.WatchersMax = settings.WatchersMax ?? options.WatchersMax;
        configure?.Invoke(options);
    }, time: settings.Time);

    public SiloCluster Cluster => _silos;
    public override bool ReadsBesideFolds => false;
    public override ILogWriter Writer => _silos.Log;
    public override ILogReader Reader => _silos.Log;
    public override IViews Views => _silos.Views;
    public override IRebuilds Rebuilds => _silos.Rebuilds;

    /// <param name="viewsOf">The views of a silo by its number, where not all have the same.</param>
    /// <param name="readerOf">See <see cref="SiloCluster.ReaderOf"/>.</param>
    public static async Task<GrainsCluster> StartAsync(ViewsHostSettings settings, IReadOnlyList<View> views, Action<GrainsOptions>? configure = null,
        Func<int, IReadOnlyList<View>>? viewsOf = null, Func<ILogReader, ILogReader>? readerOf = null, int silos = 3)
    {
        var cluster = new GrainsCluster(settings, views.Count == 0 ? [new AccountView()] : views, configure, silos);
        (cluster._silos.ViewsOf, cluster._silos.ReaderOf) = (viewsOf, readerOf);
        await cluster._silos.StartAsync();
        return cluster;
    }

    public override Task RestartAsync(params View[] views) => _silos.RestartAsync(views.Length == 0 ? [new AccountView()] : views);

    public override Task CaughtUpAsync(string view = "account") => _silos.CaughtUpAsync(view);

    public override ValueTask DisposeAsync() => _silos.DisposeAsync();
}
