using System.Text;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>
/// Looks for a small case of each problem: collects the first events of the instance, and leaves out what is not needed
/// for it to show. Takes one walk over the log, and one more for each other order in which a problem showed.
/// </summary>
internal sealed class FoldCases<TState>(LogWalk walk, EventTypes types, Func<View<TState>> fresh, FoldCheckOptions options)
    where TState : class, IViewState<TState>
{
    private const long KeyBytesMax = 8 << 20;

    private readonly ViewRouter<TState> _router = new(fresh(), types);

    public async Task<IReadOnlyList<FoldProblem>> DescribeAsync(IReadOnlyList<FoldFinding> findings, CancellationToken cancellationToken)
    {
        if (findings.Count == 0)
            return [];
        var (histories, single) = await GatherAsync(findings, cancellationToken).ConfigureAwait(false);
        var problems = new List<FoldProblem>();
        foreach (var order in findings.GroupBy(finding => finding.Order))
        {
            var positions = await PositionsAsync(order.Key, [.. order], histories, cancellationToken).ConfigureAwait(false);
            problems.AddRange(order.Select(finding => finding.With(finding.Key is null
                ? single.TryGetValue(finding.Position!.Value, out var alone) ? new FoldCase([Describe(alone, false)], null, finding.Reason) : null
                : CaseOf(finding, histories.GetValueOrDefault(finding.Key) ?? [], positions.GetValueOrDefault(finding.Key)))));
        }
        return [.. problems.OrderBy(problem => problem.Kind)];
    }

    /// <summary>The first events of every key that has a problem and the one at which it showed, and the events that go nowhere.</summary>
    private async Task<(Dictionary<string, List<RecordedEvent>> Histories, Dictionary<Position, RecordedEvent> Single)> GatherAsync(
        IReadOnlyList<FoldFinding> findings, CancellationToken cancellationToken)
    {
        var histories = new Dictionary<string, List<RecordedEvent>>(StringComparer.Ordinal);
        var bytes = new Dictionary<string, long>(StringComparer.Ordinal);
        var single = new Dictionary<Position, RecordedEvent>();
        var wanted = findings.Where(finding => finding.Key is not null).Select(finding => finding.Key!).ToHashSet(StringComparer.Ordinal);
        var marked = findings.Where(finding => finding.Position is not null).Select(finding => finding.Position!.Value).ToHashSet();
        var keys = default(RoutedKeys);
        await walk.RunAsync(EventOrder.Appends, Keep, cancellationToken).ConfigureAwait(false);
        return (histories, single);

        void Keep(in RecordedEvent recorded)
        {
            var isMarked = marked.Contains(recorded.Position);
            var route = _router.Route(recorded, ref keys);
            if (route.Status == RouteStatus.Unroutable && isMarked)
                single[recorded.Position] = Copy(recorded);
            for (var i = 0; i < (route.Status == RouteStatus.Routed ? keys.Count : 0); i++)
            {
                if (!wanted.Contains(keys[i]))
                    continue;
                var history = histories.GetValueOrDefault(keys[i]) ?? (histories[keys[i]] = []);
                var total = bytes.GetValueOrDefault(keys[i]) + recorded.Record.Length;
                if (!isMarked && (history.Count >= options.CaseEventsMax || total > KeyBytesMax))
                    continue;
                history.Add(Copy(recorded));
                bytes[keys[i]] = total;
            }
        }
    }

    /// <summary>The order in which the collected events come when the log is walked in some order.</summary>
    private async Task<Dictionary<string, List<int>>> PositionsAsync(EventOrder order, IReadOnlyList<FoldFinding> findings,
        Dictionary<string, List<RecordedEvent>> histories, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        if (order == EventOrder.Appends)
            return found;
        var at = new Dictionary<Position, List<(string Key, int Index)>>();
        foreach (var key in findings.Select(finding => finding.Key).OfType<string>().Where(histories.ContainsKey))
            for (var i = 0; i < histories[key].Count; i++)
                (at.GetValueOrDefault(histories[key][i].Position) ?? (at[histories[key][i].Position] = [])).Add((key, i));
        await walk.RunAsync(order, Note, cancellationToken).ConfigureAwait(false);
        return found;

        void Note(in RecordedEvent recorded)
        {
            foreach (var (key, index) in at.GetValueOrDefault(recorded.Position) ?? [])
                (found.GetValueOrDefault(key) ?? (found[key] = [])).Add(index);
        }
    }

    private FoldCase? CaseOf(FoldFinding finding, List<RecordedEvent> events, List<int>? order)
    {
        if (finding.Position is { } last && events.FindIndex(recorded => recorded.Position == last) is var end and >= 0)
            events = events[..(end + 1)];
        var fold = new FoldCaseSearch<TState>(fresh, types, finding, events);
        var plan = order is null
            ? DeliveryPlan.InOrder(events.Count, finding.Kind == FoldProblemKind.NotRestored)
            : [.. order.Where(index => index < events.Count).Select(index => new Delivery(index, false))];
        if (fold.Shrink(plan) is not { } smallest)
            return null;
        var (expected, found) = fold.Results(smallest);
        return new FoldCase([.. smallest.Select(delivery => Describe(events[delivery.Event], delivery.Reload))], expected, found);
    }

    private static FoldCaseEvent Describe(in RecordedEvent recorded, bool reload) => new(recorded.Position,
        Encoding.UTF8.GetString(recorded.Type), Encoding.UTF8.GetString(recorded.Id), Encoding.UTF8.GetString(recorded.Data.Span), reload);

    private static RecordedEvent Copy(in RecordedEvent recorded) =>
        new(recorded.Record.ToArray(), recorded.Position, recorded.AppendedTicks);
}
