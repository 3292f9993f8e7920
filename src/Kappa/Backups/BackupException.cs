namespace Kappa.Backups;

/// <summary>A backup cannot be made, or what there is cannot be trusted; the message names the file and says what to do.</summary>
public sealed class BackupException(string message, Exception? cause = null) : IOException(message, cause);
