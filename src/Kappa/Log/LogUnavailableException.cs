namespace Kappa.Log;

/// <summary>The log cannot store right now, for instance because the disk is full. Reads go on; a later append may succeed.</summary>
public sealed class LogUnavailableException(string message, Exception? cause = null) : IOException(message, cause);
