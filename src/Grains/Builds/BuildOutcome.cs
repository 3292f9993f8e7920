using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>What was asked of a view's builds came to this: the build concerned, with the cut from which on it serves if that was asked; or why not.</summary>
[GenerateSerializer, Immutable]
public sealed record BuildOutcome([property: Id(0)] BuildName Build, [property: Id(1)] long[]? Cut, [property: Id(2)] string? Refusal);
