using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>A log's id, and the first and next sequence of each partition.</summary>
[GenerateSerializer, Immutable]
public sealed record LogEnds([property: Id(0)] long LogId, [property: Id(1)] long[] First, [property: Id(2)] long[] Next, [property: Id(3)] bool MayHoldDuplicates);
