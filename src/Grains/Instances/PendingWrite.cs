using Orleans.Runtime;

namespace Kappa.Grains.Instances;

/// <summary>An instance as <see cref="WriteBehind"/> knows it. One for each activation.</summary>
internal sealed class PendingWrite(GrainId grain, Func<bool> isDirty)
{
    public GrainId Grain => grain;

    /// <summary>Asked from outside of the grain's turn: a moment old.</summary>
    public bool IsDirty => isDirty();

    /// <summary>When it was queued last; the grain's own.</summary>
    public long? QueuedAt { get; set; }
}
