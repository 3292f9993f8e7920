using Kappa.Grains.Streams;

namespace Kappa.Grains.Tests;

/// <summary>Streams at their worst: drops and repeats some of the runs, holds others back, and so puts them out of order.</summary>
internal sealed class FaultyDeliveries(int seed, double dropped, double repeated, double delayed) : IDeliveries
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<int, List<InstanceRun>> _late = [];
    private readonly Lock _gate = new();

    public long Dropped { get; private set; }
    public long Repeated { get; private set; }
    public long Delayed { get; private set; }
    public long Passed { get; private set; }

    public List<InstanceRun> Pass(int partition, List<InstanceRun> runs)
    {
        lock (_gate)
        {
            var passed = new List<InstanceRun>();
            if (_late.Remove(partition, out var late))
                passed.AddRange(late);
            foreach (var run in runs)
            {
                if (_random.NextDouble() < dropped)
                {
                    Dropped++;
                    continue;
                }
                if (_random.NextDouble() < delayed)
                {
                    // Comes with the next stretch, behind or before what that brings for the same instance.
                    Delayed++;
                    if (!_late.TryGetValue(partition, out var waiting))
                        _late[partition] = waiting = [];
                    waiting.Add(run);
                    continue;
                }
                passed.Add(run);
                if (_random.NextDouble() < repeated)
                {
                    Repeated++;
                    passed.Add(run);
                }
            }
            Passed += passed.Count;
            for (var i = passed.Count - 1; i > 0; i--)
                if (_random.NextDouble() < delayed && _random.Next(i + 1) is var j)
                    (passed[i], passed[j]) = (passed[j], passed[i]);
            return passed;
        }
    }
}
