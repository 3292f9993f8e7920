namespace Kappa.Views;

/// <summary>The view has no lookup or rank of this name.</summary>
public sealed class UnknownIndexException(string view, string kind, string name)
    : KeyNotFoundException($"View '{view}' has no {kind} '{name}'.")
{
    public string View { get; } = view;
    public string Index { get; } = name;
}
