using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>Adds up an instance's history for a proof.</summary>
internal static class InstanceProof
{
    public static InstanceCount Count<TState>(FoldedState<TState> state, List<Position> applied, List<Position> held, Cut cut) where TState : class, IViewState<TState>
    {
        var instance = state.Instance;
        var digest = applied.Aggregate(default(UInt128), (sum, position) => sum + instance.DigestOf(position));
        var problem = applied.Count != instance.Version ? $"its history has {applied.Count} positions, but its version is {instance.Version}"
            : digest != instance.Digest ? "its history does not hold the positions that it applied (the digests differ)"
            : held.Count != instance.HeldCount ? $"its history has {held.Count} held positions, but it holds {instance.HeldCount}"
            : null;
        var (appliedInside, heldInside) = (applied.Where(cut.Contains).ToList(), held.Where(cut.Contains).ToList());
        var inside = appliedInside.Concat(heldInside).Aggregate(default(UInt128), (sum, position) => sum + instance.DigestOf(position));
        return new InstanceCount(appliedInside.Count, heldInside.Count, inside, problem,
            instance.Quarantine is { } stop ? $"quarantined at {stop.Position} with {instance.HeldCount} events held: {stop.Reason}" : null);
    }
}
