namespace Kappa.Views;

/// <summary>There is no build with this id, or no code for this version.</summary>
public sealed class UnknownRebuildException(string message) : Exception(message);
