using Kappa.Capture;

namespace Kappa.Web.Hosting;

/// <summary>
/// Captures the log for as long as the host runs, and retires what may go. A file under way when the host stops is given up;
/// the next start writes it again.
/// </summary>
internal sealed partial class CaptureService(EmbeddedLog log, KappaOptions options, TimeProvider time, ILogger<CaptureService> logger) : BackgroundService
{
    private static readonly TimeSpan _periodMin = TimeSpan.FromSeconds(1), _periodMax = TimeSpan.FromSeconds(15);

    private string _problems = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (log.Capture is not { } capture)
            return;
        var period = options.Capture.Every / 10;
        using var timer = new PeriodicTimer(period < _periodMin ? _periodMin : period > _periodMax ? _periodMax : period, time);
        try
        {
            do
                Tell(await capture.RunAsync(stoppingToken));
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is how it ends.
        }
    }

    private void Tell(CaptureReport report)
    {
        if (report.Files.Count > 0)
            LogCaptured(logger, report.Events, report.Files.Count, report.Bytes);
        if (report.Retired > 0)
            LogRetired(logger, report.Retired);
        // The same trouble at every round is told once.
        var problems = string.Join(" ", report.Problems);
        if (problems == _problems)
            return;
        if (problems.Length > 0)
            LogProblem(logger, problems);
        else
            LogMended(logger);
        _problems = problems;
    }

    [LoggerMessage(1, LogLevel.Information, "Captured {Events} events in {Files} files of {Bytes} bytes")]
    private static partial void LogCaptured(ILogger logger, long events, int files, long bytes);

    [LoggerMessage(2, LogLevel.Information, "Retired local segments with {Events} events; they are read from the capture")]
    private static partial void LogRetired(ILogger logger, long events);

    [LoggerMessage(3, LogLevel.Error, "The capture is behind, and nothing is retired: {Problems}")]
    private static partial void LogProblem(ILogger logger, string problems);

    [LoggerMessage(4, LogLevel.Information, "The capture works again")]
    private static partial void LogMended(ILogger logger);
}
