using Kappa.Capture;
using Kappa.Cli.Checks;
using Kappa.Engine;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Cli.Backups;

/// <summary>What a restored data directory was found to hold, once its log was opened, its views folded and audited.</summary>
internal sealed record RestoreProof(
    IReadOnlyList<(int Partition, long First, long Next)> Partitions, IReadOnlyList<AuditReport> Audits, IReadOnlyList<string> Problems)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    public bool Complete => Problems.Count == 0;

    /// <summary>Opens what was restored, folds all views that are known and audits them. What is folded stays for the host.</summary>
    public static async Task<RestoreProof> RunAsync(string data, ViewSource source, Cut expected, CancellationToken cancellationToken)
    {
        await using var log = FileLog.Open(Path.Combine(data, "log"), new LogOptions());
        var partitions = Enumerable.Range(0, log.PartitionCount).Select(p => (p, log.First(p), log.Next(p))).ToArray();
        var problems = Enumerable.Range(0, log.PartitionCount).Select(log.Problem).OfType<string>().ToList();
        var end = new Cut([.. partitions.Select(partition => partition.Item3)]);
        if (!end.Equals(expected))
            problems.Add($"the log ends at {end}, but the backup was made up to {expected}.");
        var audits = new List<AuditReport>();
        if (problems.Count == 0)
        {
            var whole = await WholeLog.OpenAsync(log, Path.Combine(data, "capture"), cancellationToken);
            await using var engine = ViewEngine.Open(whole, source.Types, source.Make(), Path.Combine(data, "views"));
            foreach (var view in await CaughtUpAsync(engine, end, cancellationToken))
                if (view.Problem is { } problem)
                    problems.Add($"{view.View}: {problem}");
                else
                    audits.Add(await engine.AuditAsync(view.View, cancellationToken));
            problems.AddRange(audits.SelectMany(audit => audit.Problems.Select(problem => $"{audit.View}: {problem.Key ?? "the view"}: {problem.Reason}")));
            problems.AddRange(audits.Where(audit => !audit.Complete && audit.Problems.Count == 0).Select(audit => $"{audit.View}: {audit.Held} events are held."));
        }
        return new RestoreProof(partitions, audits, problems);
    }

    private static async Task<IReadOnlyList<ViewInfo>> CaughtUpAsync(ViewEngine engine, Cut end, CancellationToken cancellationToken)
    {
        while (true)
        {
            var views = await engine.ListAsync(cancellationToken);
            if (views.All(view => view.Problem is not null || view.Watermark.Covers(end)))
                return views;
            await Task.Delay(_pause, cancellationToken);
        }
    }
}
