using System.Diagnostics;
using Kappa.Bench.Measures;
using Kappa.Bench.Workloads;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.GrainsBench.Measures;

/// <summary>Appends a workload as fast as streams bring it to the instances: a bounded number of events is on its way at any time.</summary>
internal sealed class PacedAppends(ILogWriter log, Func<long> delivered)
{
    /// <summary>What is on its way at most. At the speeds of one silo this is about as long as auditors wait before they ask.</summary>
    public const int WaitingMax = 10_000;

    private static readonly TimeSpan _stuck = TimeSpan.FromSeconds(5);

    private long _appended;

    /// <summary>Events that streams did not bring within seconds in which they brought nothing. They promise nothing; auditors do.</summary>
    public long Lost { get; private set; }

    /// <summary>Returns once streams have brought everything, or nothing more for a while.</summary>
    public async Task RunAsync(SpendWorkload workload)
    {
        using var batch = new EventBatch(256 << 10);
        var problems = new List<EventProblem>();
        foreach (var json in workload.Batches(Appenders.BatchEvents))
        {
            await WaitAsync(WaitingMax - Appenders.BatchEvents);
            if (SpendEvents.Reader.ReadBatch(json, batch, problems) != EventReadResult.Ok)
                throw new InvalidOperationException($"The workload was refused: {problems[0]}");
            var result = await log.AppendAsync(batch);
            if (result.Status != AppendStatus.Appended)
                throw new InvalidOperationException($"The log refused an append: {result.Status}.");
            _appended += result.Appended;
            batch.Clear();
        }
        await WaitAsync(0);
    }

    private async Task WaitAsync(int waitingMax)
    {
        var (before, since) = (delivered(), Stopwatch.GetTimestamp());
        for (long now; _appended - (now = delivered()) - Lost > waitingMax;)
        {
            if (now != before)
                (before, since) = (now, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(since) > _stuck)
                Lost = _appended - now;
            await Task.Delay(1);
        }
    }
}
