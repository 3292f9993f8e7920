using Orleans;

namespace Kappa.Grains.Auditing;

/// <summary>An event that could not be routed, and why.</summary>
[GenerateSerializer, Immutable]
public sealed record HeldAtView([property: Id(0)] long Sequence, [property: Id(1)] string Reason);
