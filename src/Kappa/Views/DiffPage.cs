namespace Kappa.Views;

/// <summary>A page of a diff: the instances that differ, by key in UTF-8 order, with the sums over all of them.</summary>
public sealed record DiffPage(DiffSummary Summary, IReadOnlyList<KeyDiff> Items, string? Next);
