using Orleans;

namespace Kappa.Grains.Instances;

/// <summary>What an instance has of a cut, added up from its history position by position; a proof compares it with the log.</summary>
/// <param name="Problem">Why its history does not bear out its own count and digest; null if it does.</param>
/// <param name="Quarantined">Where and why it stopped, in words; null if it did not.</param>
[GenerateSerializer, Immutable]
public sealed record InstanceCount([property: Id(0)] long Applied, [property: Id(1)] long Held, [property: Id(2)] UInt128 Digest,
    [property: Id(3)] string? Problem, [property: Id(4)] string? Quarantined);
