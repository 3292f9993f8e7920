namespace Kappa.Backups;

/// <summary>One file of a backup.</summary>
/// <param name="Path">Below the backup's directory, with slashes.</param>
/// <param name="Sha256">Of its bytes, in lower-case hexadecimal digits.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256);
