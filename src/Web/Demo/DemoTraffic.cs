namespace Kappa.Web.Demo;

/// <summary>Appends believable live traffic, shop and games, so that a newcomer sees the dashboard move.</summary>
public sealed class DemoTraffic : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
}
