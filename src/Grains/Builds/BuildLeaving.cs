using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>A build that was discarded. What streams still bring to its instances makes some of them anew; so it is cleared at once, and once more after a time.</summary>
[GenerateSerializer, Immutable]
public sealed record BuildLeaving([property: Id(0)] BuildName Name, [property: Id(1)] long UntilTicks);
