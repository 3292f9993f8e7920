using System.Text;
using Kappa.Grains.Streams;

namespace Kappa.Tests.EventHubs;

/// <summary>Lets every delivery pass, and remembers what it was.</summary>
internal sealed class SeenDeliveries : IDeliveries
{
    private readonly Lock _gate = new();

    private readonly HashSet<(int Partition, string Build)> _seen = [];

    /// <summary>How many pairs of a partition and a build had deliveries.</summary>
    public int Pairs
    {
        get
        {
            lock (_gate)
                return _seen.Count;
        }
    }

    /// <summary>The first sequence that was delivered of each partition.</summary>
    public Dictionary<int, long> First { get; } = [];

    /// <summary>How many events were delivered to how many instances.</summary>
    public long Deliveries { get; private set; }

    public List<InstanceRun> Pass(int partition, List<InstanceRun> runs)
    {
        lock (_gate)
            foreach (var run in runs)
            {
                _seen.Add((partition, Encoding.UTF8.GetString(run.Stream.Namespace.Span)));
                Deliveries += run.Events.Count;
                var first = run.Events.Read()[0].Position.Sequence;
                First[partition] = First.TryGetValue(partition, out var known) ? Math.Min(known, first) : first;
            }
        return runs;
    }
}
