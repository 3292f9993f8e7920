using Kappa.Events;
using Kappa.Log;

namespace Kappa.Web.Demo;

/// <summary>
/// Appends believable live traffic, about 20 events a second of a shop and of chess games, so that a newcomer sees
/// the dashboard move. Ids differ from run to run. A log that cannot take events now is waited for: nothing is left out.
/// </summary>
public sealed partial class DemoTraffic(ILogWriter log, TimeProvider time, ILogger<DemoTraffic> logger) : BackgroundService
{
    private const int Seed = 20101201;
    private static readonly TimeSpan _tickEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _retryEvery = TimeSpan.FromSeconds(1);
    private readonly EventTypes _types = ShippedViews.Events();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var random = new Random(Seed);
        var run = RunName(time.GetUtcNow());
        var (shop, games) = (new DemoShop(random, run), new DemoGames(random, run));
        LogStarted(run);
        var happened = new List<DemoEvent>();
        try
        {
            using var timer = new PeriodicTimer(_tickEvery, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = time.GetUtcNow();
                shop.Trade(now, happened);
                games.Play(now, happened);
                await AppendAsync(happened, now, stoppingToken);
                happened.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; the demo has nothing to finish.
        }
    }

    private async Task AppendAsync(List<DemoEvent> events, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return;
        using var batch = new EventBatch();
        foreach (var (record, id, subject) in events)
            batch.Add(CloudEvent.Of(_types, record, id, "/demo", subject, now));
        for (var attempt = 1; !await TryAppendAsync(batch, attempt, cancellationToken); attempt++)
            await Task.Delay(_retryEvery, time, cancellationToken);
    }

    /// <summary>False if the log cannot take the batch now; the same batch may be tried again, since duplicates are dropped.</summary>
    private async Task<bool> TryAppendAsync(EventBatch batch, int attempt, CancellationToken cancellationToken)
    {
        Exception? cause = null;
        try
        {
            if ((await log.AppendAsync(batch, cancellationToken)).Status == AppendStatus.Appended)
            {
                if (attempt > 1)
                    LogGoesOn(attempt);
                return true;
            }
        }
        catch (LogUnavailableException e)
        {
            cause = e;
        }
        // One line for one outage, not one for each attempt.
        if (attempt == 1)
            LogWaits(cause);
        return false;
    }

    /// <summary>The start in tenths of a second in base 36: short, and new for each run.</summary>
    internal static string RunName(DateTimeOffset start)
    {
        const string digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        var name = "";
        for (var left = start.UtcTicks / (TimeSpan.TicksPerSecond / 10); left > 0; left /= 36)
            name = digits[(int)(left % 36)] + name;
        return name;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo traffic appends about 20 events a second; the ids of this run begin with {Run}")]
    private partial void LogStarted(string run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Demo traffic waits: the log takes no events now")]
    private partial void LogWaits(Exception? cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo traffic goes on after {Attempts} attempts")]
    private partial void LogGoesOn(int attempts);
}
