namespace Kappa.Views;

/// <summary>A moment to read as of that this log does not have (yet); the message says why and what to ask instead.</summary>
public sealed class InvalidAsOfException(string message) : FormatException(message);
