using Kappa.Engine.Folding;
using Kappa.Engine.History;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>
/// Folds given positions onto an instance, reading the events from the log: after a fold threw, for a retry, and for a repair. The
/// first event that its fold cannot take stops the instance, and what follows is held.
/// </summary>
internal sealed class StateRefold<TState>(ILogReader log) where TState : class, IViewState<TState>
{
    /// <summary>It stands in the document beside the state.</summary>
    private const int ReasonMax = 4_000;

    /// <param name="load">Makes the base anew; called again after each failure, since that one's state may be half changed.</param>
    /// <param name="positions">What to fold onto it, in this order.</param>
    /// <param name="mayFold">How many of them may be folded; the rest is held behind a stop.</param>
    /// <param name="stopReason">Why it stops at <paramref name="mayFold"/>.</param>
    public async Task<FoldedState<TState>> FoldAsync(Func<FoldedState<TState>> load, IReadOnlyList<Position> positions, int mayFold, string stopReason)
    {
        using var events = new EventFetcher(log);
        using var scratch = StateScratch<TState>.Rent();
        while (true)
        {
            var folded = load();
            var next = 0;
            Exception? failure = null;
            for (; next < mayFold && failure is null; next++)
                failure = Take(folded, scratch, await events.GetAsync(positions[next], CancellationToken.None));
            if (failure is not null)
            {
                // Fold up to here once more, this time knowing where to stop. Each round stops earlier, so it ends.
                (mayFold, stopReason) = (next - 1, FoldFailure.Describe(failure));
                continue;
            }
            for (; next < positions.Count; next++)
                if (folded.Instance.Quarantine is null)
                    folded.Instance.Stop(positions[next], stopReason.Length > ReasonMax ? stopReason[..ReasonMax] + "…" : stopReason);
                else
                    folded.Instance.Hold(positions[next]);
            return folded;
        }
    }

    /// <summary>Folds, and writes the state too: one that cannot be written stops the instance just there.</summary>
    private static Exception? Take(FoldedState<TState> folded, StateScratch<TState> scratch, in Events.RecordedEvent recorded)
    {
        if (folded.Take(recorded) is { } thrown)
            return thrown;
        try
        {
            folded.Probe(scratch);
            return null;
        }
#pragma warning disable CA1031 // A state that cannot be written or indexed stops its instance, and only that.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }
}
