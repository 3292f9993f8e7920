using Orleans;

namespace Kappa.Grains.Instances;

/// <summary>An instance as of a cut: how many events of it, the last of them, and the state as JSON (empty if there is none).</summary>
/// <param name="IsVersion">True if the instance has ever been in this state, so that a watch can go on from it.</param>
/// <param name="PastQuarantine">True if an event of the cut is held: then there is no answer.</param>
[GenerateSerializer, Immutable]
public sealed record InstanceMoment([property: Id(0)] long Version, [property: Id(1)] ulong Last, [property: Id(2)] long TimeTicks,
    [property: Id(3)] long AppendedTicks, [property: Id(4)] byte[] State, [property: Id(5)] bool IsVersion, [property: Id(6)] bool PastQuarantine,
    [property: Id(7)] long Generation);
