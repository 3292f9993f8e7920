using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// How a promotion ended. Promoted: from <paramref name="Cut"/> on reads and watches are answered from the new build, none below
/// it. Refused by its gate: why; nothing changed. The summary is there if there was a gate.
/// </summary>
public sealed record PromotionResult(bool Promoted, Cut? Cut, DiffSummary? Diff, IReadOnlyList<GateRefusal> Refusals);
