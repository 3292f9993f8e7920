namespace Kappa.Views;

/// <summary>A part of a list. <paramref name="Next"/> asks for the part after it; null if this is the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
