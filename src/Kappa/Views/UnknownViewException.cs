namespace Kappa.Views;

/// <summary>There is no view of this name.</summary>
public sealed class UnknownViewException(string view) : KeyNotFoundException($"There is no view '{view}'.")
{
    public string View { get; } = view;
}
