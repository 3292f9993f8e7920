using Kappa.Log;
using Kappa.Views;

namespace Kappa.Web.Dashboard;

/// <summary>
/// Looks at log and views once a second, for all dashboards together, and keeps the last minutes. Readers get an
/// immutable <see cref="Sample"/> and may wait for the next one.
/// </summary>
public sealed partial class RateSampler(ILogReader log, IViews views, TimeProvider time, ILogger<RateSampler> logger) : BackgroundService
{
    public const int SecondsKept = 180;

    /// <summary>Rates are means over this many seconds: what jumps every second cannot be read.</summary>
    private const int SecondsSmoothed = 5;

    private readonly Queue<Count> _counts = new(SecondsKept + 1);
    private bool _failing;

    /// <summary>Raised after each sample.</summary>
    public Signal Sampled { get; } = new();

    public Sample Latest { get; private set; } = Sample.None;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            do
                await SampleAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; nobody looks any more.
        }
    }

    private async Task SampleAsync(CancellationToken cancellationToken)
    {
        var (infos, problem) = await AskViewsAsync(cancellationToken);
        var next = new long[log.PartitionCount];
        for (var partition = 0; partition < next.Length; partition++)
            next[partition] = log.Next(partition);
        if (_counts.Count > SecondsKept)
            _counts.Dequeue();
        var now = new Count(time.GetTimestamp(), next, infos.ToDictionary(info => info.View, info => info.Applied));
        _counts.Enqueue(now);

        var counts = _counts.ToArray();
        var before = counts[Math.Max(0, counts.Length - 1 - SecondsSmoothed)];
        var seconds = time.GetElapsedTime(before.Timestamp, now.Timestamp).TotalSeconds;
        Latest = new Sample(
            [.. next.Select((end, p) => new PartitionSample(p, log.First(p), end, Rate(end - before.Next[p], seconds)))],
            [.. infos.Select(info => new ViewSample(info, Rate(info.Applied - before.Applied.GetValueOrDefault(info.View, info.Applied), seconds)))],
            Rate(now.Total - before.Total, seconds),
            [.. counts.Skip(1).Zip(counts, (to, from) => Rate(to.Total - from.Total, time.GetElapsedTime(from.Timestamp, to.Timestamp).TotalSeconds))],
            problem);
        Sampled.Raise();
    }

    /// <summary>Views that cannot be asked must not stop the log's figures.</summary>
    private async Task<(IReadOnlyList<ViewInfo> Infos, string? Problem)> AskViewsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var infos = await views.ListAsync(cancellationToken);
            _failing = false;
            return (infos, null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_failing)
                LogViewsNotAsked(e);
            _failing = true;
            return ([], e.Message);
        }
    }

    /// <summary>A count that went back (a view was built anew) is no negative rate.</summary>
    private static double Rate(long count, double seconds) => seconds > 0 ? Math.Max(0, count) / seconds : 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The dashboard could not ask the views how they are doing; it goes on trying")]
    private partial void LogViewsNotAsked(Exception cause);

    private sealed record Count(long Timestamp, long[] Next, Dictionary<string, long> Applied)
    {
        public long Total { get; } = Next.Sum();
    }
}
