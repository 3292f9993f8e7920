using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>Sums over the instances of a shard; <paramref name="Instances"/> are those with a state.</summary>
[GenerateSerializer, Immutable]
public sealed record IndexTotals([property: Id(0)] long Instances, [property: Id(1)] long Applied, [property: Id(2)] long Quarantined, [property: Id(3)] long Held);
