using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>
/// Makes a failing plan as small and as plain as it gets while it goes on failing: first fewer events, then no repeats,
/// fewer reloads, and an order that differs from the one of the appends in as few places as may be.
/// </summary>
internal sealed class DeliveryShrinker(IReadOnlyList<RecordedEvent> events, Func<Delivery[], bool> fails)
{
    /// <summary>The same events once each, in the order of their appends, without reloads: what a plan is compared with.</summary>
    public static Delivery[] InOrder(Delivery[] plan) =>
        [.. plan.Select(delivery => delivery.Event).Distinct().Order().Select(index => new Delivery(index, false))];

    public Delivery[] Shrink(Delivery[] plan)
    {
        plan = WithoutRepeats(plan);
        plan = FewerEvents(plan);
        plan = FewerReloads(plan);
        return PlainerOrder(plan);
    }

    private Delivery[] WithoutRepeats(Delivery[] plan)
    {
        var once = plan.DistinctBy(delivery => delivery.Event).ToArray();
        return fails(once) ? once : plan;
    }

    /// <summary>Leaves out runs of events, long ones first, until no single one can go.</summary>
    private Delivery[] FewerEvents(Delivery[] plan)
    {
        bool removed;
        for (var run = plan.Length / 2; run > 0; run = run == 1 && removed ? 1 : run / 2)
        {
            removed = false;
            for (var start = 0; start < plan.Length;)
            {
                var gone = plan.Skip(start).Take(run).Select(delivery => delivery.Event).ToHashSet();
                var smaller = plan.Where(delivery => !gone.Contains(delivery.Event)).ToArray();
                if (smaller.Length > 0 && fails(smaller))
                    (plan, removed) = (smaller, true);
                else
                    start += run;
            }
        }
        return plan;
    }

    private Delivery[] FewerReloads(Delivery[] plan)
    {
        for (var i = 0; i < plan.Length; i++)
        {
            var plainer = plan.ToArray();
            plainer[i] = plan[i] with { Reload = false };
            if (plan[i].Reload && fails(plainer))
                plan = plainer;
        }
        return plan;
    }

    /// <summary>Swaps neighbours back into the order of their appends. Each swap takes one inversion away, so it ends.</summary>
    private Delivery[] PlainerOrder(Delivery[] plan)
    {
        for (var i = 0; i + 1 < plan.Length;)
        {
            var plainer = plan.ToArray();
            (plainer[i], plainer[i + 1]) = (plan[i + 1], plan[i]);
            if (plan[i].Event > plan[i + 1].Event && OtherPartition(plan[i], plan[i + 1]) && fails(plainer))
                (plan, i) = (plainer, Math.Max(i - 1, 0));
            else
                i++;
        }
        return plan;
    }

    private bool OtherPartition(Delivery one, Delivery other) =>
        events[one.Event].Position.Partition != events[other.Event].Position.Partition;
}
