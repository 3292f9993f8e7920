using Kappa.Engine.History;
using Kappa.Engine.Instances;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>
/// Folds given positions again onto an instance: after a fold threw and left a state half changed, for a retry, for an
/// event that comes late. The first event that its fold cannot take stops the instance, and what follows is held.
/// </summary>
internal sealed class Refolder<TState>(ILogReader log, ViewRouter<TState> router, CheckpointWriter<TState> checkpoints)
    where TState : class, IViewState<TState>
{
    /// <param name="load">Makes the base anew; called again after each failure, since that one's state may be half changed.</param>
    /// <param name="positions">What to fold onto it, in this order.</param>
    /// <param name="mayFold">How many of them may be folded; the rest is held behind a stop.</param>
    /// <param name="stopReason">Why it stops at <paramref name="mayFold"/>.</param>
    /// <param name="serialise">True to write each state too, and stop where that fails.</param>
    public async ValueTask<HotInstance<TState>> FoldAsync(Func<HotInstance<TState>> load, IReadOnlyList<Position> positions,
        int mayFold, string stopReason, bool serialise, CancellationToken cancellationToken)
    {
        using var fetcher = new EventFetcher(log);
        while (true)
        {
            var hot = load();
            var folded = 0;
            Exception? failure = null;
            for (; folded < mayFold && failure is null; folded++)
            {
                var recorded = await fetcher.GetAsync(positions[folded], cancellationToken).ConfigureAwait(false);
                failure = Take(hot, recorded, serialise);
            }
            if (failure is not null)
            {
                // Fold up to here once more, this time knowing where to stop. Each round stops earlier, so it ends.
                (mayFold, stopReason) = (folded - 1, FoldFailure.Describe(failure));
                continue;
            }
            for (; folded < positions.Count; folded++)
                if (hot.Instance.Quarantine is null)
                    hot.Instance.Stop(positions[folded], stopReason);
                else
                    hot.Instance.Hold(positions[folded]);
            return hot;
        }
    }

    private Exception? Take(HotInstance<TState> hot, in RecordedEvent recorded, bool serialise)
    {
        var keys = default(RoutedKeys);
        var route = router.Route(recorded, ref keys);
        if (route.Status != RouteStatus.Routed)
            return new InvalidOperationException(route.Problem ?? "The view no longer handles this type of event.");
        var outcome = hot.Instance.Take(route.Handler, route.Type, route.Decoded, recorded, out var failure);
        if (outcome == InstanceOutcome.Applied)
            failure = checkpoints.Check(hot, serialise);
        return failure;
    }
}
