using Orleans;

namespace Kappa.Grains.Auditing;

/// <summary>
/// An instance's answer. By now it has exactly what it was asked for, durably, and the index knows of it. <paramref name="Missing"/> and
/// <paramref name="Extra"/> count what was mended; <paramref name="Refolded"/> says that it took another order of events, and so a new generation.
/// </summary>
[GenerateSerializer, Immutable]
public sealed record AuditAnswer([property: Id(0)] int Missing, [property: Id(1)] int Extra, [property: Id(2)] bool Refolded);
