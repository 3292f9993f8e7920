namespace Kappa.Log;

/// <summary>There is no room on the disk (or the quota is used up).</summary>
public sealed class DiskFullException(string message, Exception? cause = null) : IOException(message, cause);
