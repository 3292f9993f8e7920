using Kappa.Views;
using Kappa.Web.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Kappa.Web.Hosting;

/// <summary>Says, once the host listens, where it listens, where its data is, what was repaired, and how its views are.</summary>
internal sealed partial class StartLine(IServer server, EmbeddedLog log, IViews served, IHostApplicationLifetime lifetime, ILogger<StartLine> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await using var whenStopping = stoppingToken.Register(() => started.TrySetCanceled(stoppingToken));
        await started.Task;
        foreach (var report in log.Log.Recovered)
            LogRepaired(logger, report.ToString()!);
        foreach (var problem in log.Current)
            LogStopped(logger, problem);
        var views = await served.ListAsync(stoppingToken);
        LogStarted(logger, string.Join(", ", server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []), log.Directory,
            string.Join(", ", views.Select(view => $"{view.View} v{view.Version} {view.Status.Text()}{(view.Lag > 0 ? $" ({view.Lag} behind)" : "")}")));
    }

    [LoggerMessage(1, LogLevel.Information, "Listening on {Addresses}. Data in {Directory}. Views: {Views}")]
    private static partial void LogStarted(ILogger logger, string addresses, string directory, string views);

    [LoggerMessage(2, LogLevel.Warning, "The log was repaired after a crash: {Report}")]
    private static partial void LogRepaired(ILogger logger, string report);

    [LoggerMessage(3, LogLevel.Error, "A partition has stopped: {Problem}")]
    private static partial void LogStopped(ILogger logger, string problem);
}
