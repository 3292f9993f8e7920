namespace Kappa.Log;

/// <summary>Stored bytes are not what was written. Nothing from the damaged place was served. Says where, and what can be done.</summary>
public sealed class LogCorruptException(string message, Exception? cause = null) : IOException(message, cause);
