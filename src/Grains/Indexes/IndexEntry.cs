using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>What lists, lookups and ranks know of one instance.</summary>
[GenerateSerializer, Immutable]
public sealed record IndexEntry([property: Id(0)] string Key, [property: Id(1)] long Version, [property: Id(2)] long Generation, [property: Id(3)] long TimeTicks,
    [property: Id(4)] bool HasState, [property: Id(5)] long Held, [property: Id(6)] string?[] Lookups, [property: Id(7)] decimal?[] Ranks);
