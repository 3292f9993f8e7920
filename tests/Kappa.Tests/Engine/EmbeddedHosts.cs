using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Tests.Engine;

/// <summary>Hosts of the embedded engine for the contract suites.</summary>
public sealed class EmbeddedHosts : ViewsHostMaker
{
    public override Task<ViewsHost> OpenAsync(ViewsHostSettings settings, params View[] views) =>
        Task.FromResult<ViewsHost>(new EngineHarness(settings.Time, options =>
        {
            options.WatchReplayMax = settings.WatchReplayMax ?? options.WatchReplayMax;
            options.WatchersMax = settings.WatchersMax ?? options.WatchersMax;
        }, views));
}
