namespace Kappa.Views.Checks;

/// <summary>A few events that are enough to show a problem.</summary>
/// <param name="Events">In the order in which they show it.</param>
/// <param name="Expected">The state as JSON that they give in the order of their appends, or the first time; null if none.</param>
/// <param name="Found">What they give here: another state, or what was thrown.</param>
public sealed record FoldCase(IReadOnlyList<FoldCaseEvent> Events, string? Expected, string? Found);
