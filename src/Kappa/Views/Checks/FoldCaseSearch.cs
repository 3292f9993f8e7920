using System.Globalization;
using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>Folds some of an instance's events again and again, fewer each time, for as long as the problem still shows.</summary>
internal sealed class FoldCaseSearch<TState>(Func<View<TState>> fresh, EventTypes types, FoldFinding finding, IReadOnlyList<RecordedEvent> events)
    where TState : class, IViewState<TState>
{
    // So many folds of one event: a second or two.
    private long _effort = 1_000_000;

    /// <summary>The smallest plan found; null if the problem does not show with these events.</summary>
    public Delivery[]? Shrink(Delivery[] plan) =>
        plan.Length > 0 && Fails(plan) ? new DeliveryShrinker(events, Fails).Shrink(plan) : null;

    /// <summary>What a plan should give and what it gives; equal if all is well.</summary>
    public (string? Expected, string? Found) Results(Delivery[] plan) => finding.Kind switch
    {
        FoldProblemKind.OrderDependent => (Fold(DeliveryShrinker.InOrder(plan)), Fold(plan)),
        FoldProblemKind.NotRestored => (Fold([.. plan.Select(delivery => delivery with { Reload = false })]), Fold(plan)),
        FoldProblemKind.NotRepeatable => (Fold(plan), InOtherCulture(() => Fold(plan))),
        _ => (null, Fold(plan)),
    };

    private bool Fails(Delivery[] plan)
    {
        _effort -= 2 * plan.Length;
        if (_effort < 0)
            return false;
        var (expected, found) = Results(plan);
        return finding.Kind is FoldProblemKind.OrderDependent or FoldProblemKind.NotRestored or FoldProblemKind.NotRepeatable
            ? expected != found
            : found is not null && found.Contains(Exception(finding.Reason), StringComparison.Ordinal);
    }

    /// <summary>The state as JSON, or what was thrown.</summary>
    private string? Fold(Delivery[] plan)
    {
        var view = fresh();
        var fixture = new ViewFixture<TState>(view, types);
        try
        {
            foreach (var delivery in plan)
                fixture.Take(events[delivery.Event], delivery.Reload);
            if (finding.Kind != FoldProblemKind.IndexThrows)
                return fixture.Json(finding.Key!);
            if (fixture.State(finding.Key!) is { } state)
            {
                for (var i = 0; i < view.Lookups.Count; i++)
                    view.LookupValue(i, state);
                for (var i = 0; i < view.Ranks.Count; i++)
                    view.RankValue(i, state);
            }
            return null;
        }
#pragma warning disable CA1031 // Whatever an author's code throws is what this looks for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return FoldFailure.Describe(e);
        }
    }

    /// <summary>The name of the exception in a reason: while it is shrunk the message may change, but not this.</summary>
    private static string Exception(string reason) =>
        reason.Split(' ').FirstOrDefault(word => word.EndsWith("Exception:", StringComparison.Ordinal)) ?? reason;

    private static string? InOtherCulture(Func<string?> fold)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = FoldRun<TState>.OtherCulture;
        try
        {
            return fold();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
