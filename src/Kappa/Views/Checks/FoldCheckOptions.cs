namespace Kappa.Views.Checks;

/// <summary>How thoroughly <see cref="FoldCheck"/> looks, and what it may use.</summary>
public sealed class FoldCheckOptions
{
    /// <summary>The same seed tries the same orders.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How many orders of partitions are tried besides that of the appends, at least 2: one partition after the other, the
    /// same backwards (so that any two events of different partitions come both ways round), and then random ones.
    /// </summary>
    public int Orders { get; init; } = 4;

    /// <summary>How many problems of each kind are described for each view; all are counted.</summary>
    public int ProblemsMax { get; init; } = 10;

    /// <summary>
    /// About how much memory states may take (an estimate from their JSON). Where the instances of a view need more,
    /// they are checked in several passes, each over a part of the keys.
    /// </summary>
    public long StateBytesMax { get; init; } = 384L << 20;

    /// <summary>How many of an instance's first events are searched for a smallest failing case.</summary>
    public int CaseEventsMax { get; init; } = 500;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Orders, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(ProblemsMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(StateBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(CaseEventsMax);
    }
}
