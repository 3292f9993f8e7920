namespace Kappa.Views.Checks;

/// <summary>How partitions interleave. The same order always hands out the same events in the same sequence.</summary>
internal abstract class EventOrder
{
    /// <summary>In the order of the append times, equal ones by partition.</summary>
    public static EventOrder Appends { get; } = new ByAppendTime();

    /// <summary>The orders in which a fold must give the same as in that of the appends.</summary>
    public static IReadOnlyList<EventOrder> Others(int count, int seed) =>
    [
        new OneAfterTheOther(backwards: false), new OneAfterTheOther(backwards: true),
        .. Enumerable.Range(0, count - 2).Select(i => new AtRandom(seed + i)),
    ];

    /// <summary>Starts from the beginning again.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Which partition goes on, and for how many events.</summary>
    public abstract (PartitionCursor Partition, int Count) Choose(IReadOnlyList<PartitionCursor> open);

    private sealed class ByAppendTime : EventOrder
    {
        public override (PartitionCursor Partition, int Count) Choose(IReadOnlyList<PartitionCursor> open)
        {
            var first = open[0];
            for (var i = 1; i < open.Count; i++)
                if (open[i].Current.AppendedTicks < first.Current.AppendedTicks)
                    first = open[i];
            return (first, 1);
        }
    }

    private sealed class OneAfterTheOther(bool backwards) : EventOrder
    {
        public override (PartitionCursor Partition, int Count) Choose(IReadOnlyList<PartitionCursor> open) =>
            (backwards ? open[^1] : open[0], int.MaxValue);
    }

    private sealed class AtRandom(int seed) : EventOrder
    {
        private Random _random = new(seed);
        private int _burstMax;

        public override void Begin()
        {
            _random = new Random(seed);
            // A burst of 1 mixes finely; a long one delays all other partitions.
            _burstMax = 1 << _random.Next(0, 13);
        }

        public override (PartitionCursor Partition, int Count) Choose(IReadOnlyList<PartitionCursor> open) =>
            (open[_random.Next(open.Count)], _random.Next(1, _burstMax + 1));
    }
}
