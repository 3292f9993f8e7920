using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>One build of a view. Its generation is newer than that of every state anybody was shown before it began to serve.</summary>
[GenerateSerializer, Immutable]
public sealed record BuildEntry([property: Id(0)] BuildName Name, [property: Id(1)] long Generation, [property: Id(2)] bool IsPaused, [property: Id(3)] long CreatedTicks);
