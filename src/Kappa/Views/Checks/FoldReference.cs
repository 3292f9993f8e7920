namespace Kappa.Views.Checks;

/// <summary>What the fold in the order of the appends gave for a key: what every other fold must give.</summary>
/// <param name="ManyPartitions">True if events of several partitions went to it.</param>
internal readonly record struct FoldReference(FoldOutcome Outcome, bool ManyPartitions)
{
    /// <summary>True once a problem is known: an instance is reported once.</summary>
    public bool Settled { get; init; }
}
