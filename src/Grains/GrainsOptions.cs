using Kappa.Log;

namespace Kappa.Grains;

/// <summary>The bounds of the Orleans engine. <see cref="Validate"/> is called before a silo starts.</summary>
public sealed class GrainsOptions
{
    /// <summary>The name under which the silo has its stream provider and its grain storage for views.</summary>
    public const string Provider = "kappa";

    /// <summary>How long a change of an instance that nobody reads, watches or audits may wait for its write.</summary>
    public TimeSpan WriteBehind { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often an auditor proves what came since; an event is about so old before its instance is asked for it.</summary>
    public TimeSpan AuditEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The most events of one window of an auditor, which holds them in memory; at most about 32 MiB of them. The larger, the fewer questions an event: an
    /// instance is asked once for all that it must have of a window.
    /// </summary>
    public int WindowEventsMax { get; set; } = 65_536;

    /// <summary>How many instances an auditor asks at a time.</summary>
    public int QuestionsMax { get; set; } = 128;

    /// <summary>How many positions back a reader looks for the first one of a duplicate, where the log may hold duplicates. Fixed for a log: all readers must agree.</summary>
    public int DuplicateWindow { get; set; } = LogOptions.DuplicateWindowDefault;

    /// <summary>A partition that is so many events behind is caught up in bulk by its auditor, without streams.</summary>
    public int LiveDistance { get; set; } = 20_000;

    /// <summary>Into how many grains the keys, lookups and ranks of a build are split.</summary>
    public int IndexShards { get; set; } = 8;

    /// <summary>How long a process may go by what it knows of a view's builds; a promotion waits so long.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many versions a watch in mode <c>every</c> replays before it sends a snapshot instead.</summary>
    public int WatchReplayMax { get; set; } = 10_000;

    /// <summary>The most watches at once of one process.</summary>
    public int WatchersMax { get; set; } = 10_000;

    /// <summary>Names every setting that is out of range; empty if all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        Check(WriteBehind > TimeSpan.Zero && WriteBehind <= TimeSpan.FromMinutes(1), "Kappa:Grains:WriteBehind", "more than 0 and at most 1 minute", WriteBehind);
        Check(AuditEvery >= TimeSpan.FromMilliseconds(10) && AuditEvery <= TimeSpan.FromMinutes(1), "Kappa:Grains:AuditEvery", "10 ms to 1 minute", AuditEvery);
        Check(WindowEventsMax is >= 1 and <= 100_000, "Kappa:Grains:WindowEventsMax", "1 to 100,000", WindowEventsMax);
        Check(QuestionsMax is >= 1 and <= 10_000, "Kappa:Grains:QuestionsMax", "1 to 10,000", QuestionsMax);
        Check(LiveDistance is >= 1 and <= 1_000_000, "Kappa:Grains:LiveDistance", "1 to 1,000,000", LiveDistance);
        Check(DuplicateWindow is >= 0 and <= LogOptions.DuplicateWindowMax, "Kappa:Log:DuplicateWindow", $"0 to {LogOptions.DuplicateWindowMax}", DuplicateWindow);
        Check(IndexShards is >= 1 and <= 256, "Kappa:Grains:IndexShards", "1 to 256", IndexShards);
        Check(Lease >= TimeSpan.FromMilliseconds(100) && Lease <= TimeSpan.FromSeconds(30), "Kappa:Grains:Lease", "100 ms to 30 seconds", Lease);
        Check(WatchReplayMax is >= 0 and <= 1_000_000, "Kappa:Watch:ReplayMax", "0 to 1,000,000", WatchReplayMax);
        Check(WatchersMax is >= 1 and <= 1_000_000, "Kappa:Watch:WatchersMax", "1 to 1,000,000", WatchersMax);
        return problems;

        void Check(bool good, string name, string range, object value)
        {
            if (!good)
                problems.Add($"{name} is {value}, but must be {range}.");
        }
    }
}
