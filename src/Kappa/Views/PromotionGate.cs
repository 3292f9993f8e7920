namespace Kappa.Views;

/// <summary>
/// What must hold of the diff for a build to be promoted. <paramref name="ChangedMax"/>: at most so many instances may differ in any way.
/// <paramref name="OnlyFields"/>: nothing but these fields (and what is inside them) may differ, and no instance may be only in one
/// build; JSON Pointers, with <c>*</c> for any place in an array.
/// </summary>
public sealed record PromotionGate(long? ChangedMax, IReadOnlyList<string>? OnlyFields);
