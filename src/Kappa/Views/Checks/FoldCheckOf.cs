using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>
/// Checks one view. For each part of the keys: a fold in the order of the appends gives what is expected; then it is
/// folded again by a new view in another culture, with states stored and read back, and in other orders. Only one fold's
/// states are in memory at a time; of the expected ones a hash is kept.
/// </summary>
internal sealed class FoldCheck<TState>(LogWalk walk, EventTypes types, Func<View<TState>> fresh, FoldCheckOptions options)
    where TState : class, IViewState<TState>
{
    private readonly FoldFindings _findings = new(options.ProblemsMax);
    private readonly Dictionary<string, FoldReference> _expected = new(StringComparer.Ordinal);
    private long _events, _instances, _applied;
    private UInt128 _digest;

    public async Task<FoldCheckedView> RunAsync(CancellationToken cancellationToken)
    {
        for (var range = KeyRange.All; ; range = range.Following)
        {
            range = await ExpectAsync(range, cancellationToken).ConfigureAwait(false);
            await CompareAsync(FoldProblemKind.NotRepeatable, EventOrder.Appends,
                key => range.Contains(key) && !(_expected.TryGetValue(key, out var one) && one.Settled), cancellationToken).ConfigureAwait(false);
            await CompareAsync(FoldProblemKind.NotRestored, EventOrder.Appends,
                key => _expected.TryGetValue(key, out var one) && !one.Settled, cancellationToken).ConfigureAwait(false);
            foreach (var order in EventOrder.Others(options.Orders, options.Seed))
                if (_expected.Values.Any(one => one.ManyPartitions && !one.Settled))
                    await CompareAsync(FoldProblemKind.OrderDependent, order,
                        key => _expected.TryGetValue(key, out var one) && one.ManyPartitions && !one.Settled, cancellationToken).ConfigureAwait(false);
            _expected.Clear();
            if (range.High == ulong.MaxValue)
                break;
        }
        var problems = await new FoldCases<TState>(walk, types, fresh, options).DescribeAsync(_findings.Kept, cancellationToken).ConfigureAwait(false);
        var view = fresh();
        return new FoldCheckedView(view.Name, view.Version, _events, _instances, _applied,
            _digest.ToString("x32", CultureInfo.InvariantCulture), _findings.Counts, problems);
    }

    /// <summary>Folds in the order of the appends, for as many keys from the range's start on as memory allows; returns their range.</summary>
    private async Task<KeyRange> ExpectAsync(KeyRange range, CancellationToken cancellationToken)
    {
        var isFirst = range.Low == 0;
        using var run = new FoldRun<TState>(fresh(), types, key => range.Contains(key))
        {
            Measure = true,
            // The same events for every range; told of once.
            Unroutable = isFirst ? stop => _findings.Add(new FoldFinding(stop.Kind, null, stop.Position, stop.Reason, EventOrder.Appends)) : null,
        };
        await walk.RunAsync(EventOrder.Appends, TakeWithinBound, cancellationToken).ConfigureAwait(false);
        _events = run.Events;
        foreach (var (key, folded) in run.Instances)
        {
            var outcome = run.OutcomeOf(folded);
            if (outcome.Stopped is { } stopped)
                _findings.Add(new FoldFinding(stopped.Kind, key, stopped.Position, stopped.Reason, EventOrder.Appends));
            _expected.Add(key, new FoldReference(outcome, folded.Partition < 0) { Settled = outcome.Stopped is not null });
            _applied += outcome.Version;
            _digest += outcome.Hash;
        }
        _instances += run.Instances.Count;
        return range;

        void TakeWithinBound(in RecordedEvent recorded)
        {
            run.Take(recorded);
            for (; run.Bytes > options.StateBytesMax && run.Instances.Count > 1 && range.LowerHalf != range; run.Narrow())
                range = range.LowerHalf;
        }
    }

    private async Task CompareAsync(FoldProblemKind kind, EventOrder order, Func<string, bool> wanted, CancellationToken cancellationToken)
    {
        if (kind == FoldProblemKind.NotRepeatable)
            CultureInfo.CurrentCulture = FoldRun<TState>.OtherCulture;
        using var run = new FoldRun<TState>(fresh(), types, wanted) { Reload = kind == FoldProblemKind.NotRestored };
        await walk.RunAsync(order, run.Take, cancellationToken).ConfigureAwait(false);
        foreach (var (key, folded) in run.Instances)
        {
            ref var expected = ref CollectionsMarshal.GetValueRefOrNullRef(_expected, key);
            if (Unsafe.IsNullRef(ref expected))
            {
                Report(kind, key, "no event goes to this key the first time, but some do the second time", order);
                continue;
            }
            var outcome = run.OutcomeOf(folded);
            if (outcome == expected.Outcome)
                continue;
            expected = expected with { Settled = true };
            if (outcome.Stopped is { Kind: FoldProblemKind.NotRestored or FoldProblemKind.NotWritable } stop && kind == FoldProblemKind.NotRestored)
                _findings.Add(new FoldFinding(stop.Kind, key, stop.Position, stop.Reason, order));
            else
                Report(kind, key, Reason(kind, outcome, expected.Outcome), order);
        }
        foreach (var key in _expected.Keys)
            if (wanted(key) && !run.Instances.ContainsKey(key))
            {
                CollectionsMarshal.GetValueRefOrNullRef(_expected, key) = _expected[key] with { Settled = true };
                Report(kind, key, "events go to this key the first time, but none the second time", order);
            }
    }

    private static string Reason(FoldProblemKind kind, FoldOutcome outcome, FoldOutcome expected) => kind switch
    {
        _ when outcome.Stopped is { } stopped => $"{When(kind)} it stops at {stopped.Position}: {stopped.Reason}",
        _ when outcome.Version != expected.Version => $"{When(kind)} {outcome.Version} events go to it instead of {expected.Version}",
        _ => $"{When(kind)} its state is another",
    };

    private static string When(FoldProblemKind kind) => kind switch
    {
        FoldProblemKind.NotRepeatable => "folded again in the same order",
        FoldProblemKind.NotRestored => "stored and read back on the way",
        _ => "with events of different partitions in another order",
    };

    private void Report(FoldProblemKind kind, string key, string reason, EventOrder order) =>
        _findings.Add(new FoldFinding(kind, key, null, reason, order));
}
