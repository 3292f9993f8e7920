namespace Kappa.Views;

/// <summary>An order of instances by a number taken from the state: descending, ties by key in UTF-8 order, nulls left out.</summary>
public sealed record RankDefinition(string Name);
