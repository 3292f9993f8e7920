using Orleans;

namespace Kappa.Grains.Auditing;

/// <summary>
/// How far an auditor is: everything before <paramref name="Next"/> is with its instances, durably; <paramref name="End"/> is the end of the partition
/// as it saw it last. <paramref name="Repairs"/> counts events that were mended since the build began.
/// </summary>
/// <param name="Problem">Why it does not get on; null if it does.</param>
[GenerateSerializer, Immutable]
public sealed record AuditorStatus([property: Id(0)] long Next, [property: Id(1)] long End, [property: Id(2)] long Held, [property: Id(3)] long Repairs,
    [property: Id(4)] string? Problem);
