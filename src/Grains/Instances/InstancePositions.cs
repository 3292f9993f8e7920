using Orleans;

namespace Kappa.Grains.Instances;

/// <summary>A stretch of the positions that an instance applied, packed, and the generation whose order they are in.</summary>
[GenerateSerializer, Immutable]
public sealed record InstancePositions([property: Id(0)] long Generation, [property: Id(1)] ulong[] Packed);
