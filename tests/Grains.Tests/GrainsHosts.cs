using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>Clusters of three silos for the contract suites.</summary>
public sealed class GrainsHosts : ViewsHostMaker
{
    public override bool TakesManyEvents => false;

    public override async Task<ViewsHost> OpenAsync(ViewsHostSettings settings, params View[] views) => await GrainsCluster.StartAsync(settings, views);
}
