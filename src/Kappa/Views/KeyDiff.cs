namespace Kappa.Views;

/// <summary>One instance that differs between two builds at a cut: what changed, or whose only it is.</summary>
public sealed record KeyDiff(string Key, DiffChange Change, IReadOnlyList<FieldDiff> Fields);
