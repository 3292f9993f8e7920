using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>
/// Makes the orders in which an engine may come to hand out the same events: partitions interleave in any way, a partition
/// may lag far behind, a restart repeats what was already handed out and reads states back from disk. Within a
/// partition the order stays.
/// </summary>
internal static class DeliveryPlan
{
    public static Delivery[] InOrder(int count, bool reload) =>
        [.. Enumerable.Range(0, count).Select(index => new Delivery(index, reload))];

    public static Delivery[] AtRandom(IReadOnlyList<RecordedEvent> events, Random random)
    {
        var partitions = Enumerable.Range(0, events.Count).GroupBy(index => events[index].Position.Partition)
            .Select(partition => new Queue<int>(partition)).ToList();
        // A burst of 1 mixes finely; a long one delays all other partitions.
        var burstMax = 1 << random.Next(0, 6);
        var (repeats, reloads) = (random.Next(2) == 0, random.Next(2) == 0);
        var plan = new List<Delivery>(events.Count);
        while (partitions.Count > 0)
        {
            var chosen = random.Next(partitions.Count);
            for (var burst = random.Next(1, burstMax + 1); burst > 0 && partitions[chosen].TryDequeue(out var next); burst--)
            {
                plan.Add(new Delivery(next, reloads && random.Next(3) == 0));
                if (repeats && random.Next(8) == 0)
                    plan.Add(new Delivery(plan[random.Next(plan.Count)].Event, reloads && random.Next(3) == 0));
            }
            if (partitions[chosen].Count == 0)
                partitions.RemoveAt(chosen);
        }
        return [.. plan];
    }
}
