namespace Kappa.Views;

/// <summary>A build is not in the state for what was asked of it; the message says which it is in, and what can be done. Nothing changed.</summary>
public sealed class RebuildStateException(string message) : Exception(message);
