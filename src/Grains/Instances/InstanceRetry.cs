using Orleans;

namespace Kappa.Grains.Instances;

/// <summary>What a retry came to: see <see cref="Kappa.Views.RetryResult"/>.</summary>
[GenerateSerializer, Immutable]
public sealed record InstanceRetry([property: Id(0)] bool WasQuarantined, [property: Id(1)] long Applied, [property: Id(2)] long Held,
    [property: Id(3)] ulong At, [property: Id(4)] string? Reason);
