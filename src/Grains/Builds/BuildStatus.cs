using Kappa.Grains.Auditing;
using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>A build and how far each of its partitions is.</summary>
[GenerateSerializer, Immutable]
public sealed record BuildStatus([property: Id(0)] BuildEntry Entry, [property: Id(1)] AuditorStatus[] Partitions, [property: Id(2)] bool IsLive,
    [property: Id(3)] bool HasCode, [property: Id(4)] long EventsAtStart, [property: Id(5)] long StartedTicks);
