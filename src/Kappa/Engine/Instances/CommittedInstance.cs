using Kappa.Engine.Store;

namespace Kappa.Engine.Instances;

/// <summary>
/// What is known in memory of an instance's last commit: where its record stands, and what lists show. A value without
/// references, so that a commit leaves nothing behind for the garbage collector.
/// </summary>
internal readonly record struct CommittedInstance(StoreAddress Address, long Version, long Generation, long TimeTicks, bool HasState, long Held)
{
    /// <summary>A quarantined instance holds at least the event that it stopped at.</summary>
    public bool IsQuarantined => Held > 0;
}
