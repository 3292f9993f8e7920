namespace Kappa.Engine;

/// <summary>The bounds of the embedded engine. <see cref="Validate"/> is called before anything is opened.</summary>
public sealed class EngineOptions
{
    /// <summary>How many versions a watch in mode <c>every</c> replays before it sends a snapshot instead.</summary>
    public int WatchReplayMax { get; set; } = 10_000;

    /// <summary>The most watches at once, over all views.</summary>
    public int WatchersMax { get; set; } = 10_000;

    /// <summary>How many shards a new build of a view gets; by default one per processor, 1 to 16.</summary>
    public int Shards { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 16);

    /// <summary>About how much memory each view uses for instances it keeps at hand (an estimate); others are read from disk when needed.</summary>
    public long HotBytesMax { get; set; } = 192L << 20;

    /// <summary>While catching up, a view commits after changing instances of about so much memory at the latest.</summary>
    public long BulkCommitBytes { get; set; } = 256L << 20;

    /// <summary>While events are appended, all rebuilds together take about this share of one processor, 0.01 to 1; 1 is full speed always.</summary>
    public double RebuildShare { get; set; } = 0.1;

    /// <summary>Names every setting that is out of range; empty if all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        Check(WatchReplayMax is >= 0 and <= 1_000_000, "Kappa:Watch:ReplayMax", "0 to 1,000,000", WatchReplayMax);
        Check(WatchersMax is >= 1 and <= 1_000_000, "Kappa:Watch:WatchersMax", "1 to 1,000,000", WatchersMax);
        Check(Shards is >= 1 and <= 64, "Kappa:Views:Shards", "1 to 64", Shards);
        Check(HotBytesMax >= 1 << 20, "Kappa:Views:HotBytesMax", "at least 1 MiB", HotBytesMax);
        Check(BulkCommitBytes >= 1 << 20, "Kappa:Views:BulkCommitBytes", "at least 1 MiB", BulkCommitBytes);
        Check(RebuildShare is >= 0.01 and <= 1, "Kappa:Views:RebuildShare", "0.01 to 1", RebuildShare);
        return problems;

        void Check(bool good, string name, string range, object value)
        {
            if (!good)
                problems.Add($"{name} is {value}, but must be {range}.");
        }
    }
}
