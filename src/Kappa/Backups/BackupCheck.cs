using Kappa.Log;

namespace Kappa.Backups;

/// <summary>Compares a backup's files with its manifest.</summary>
internal static class BackupCheck
{
    public static IReadOnlyList<string> Run(IDisk disk, string backup, out BackupManifest manifest, CancellationToken cancellationToken)
    {
        manifest = BackupManifest.Read(disk, backup);
        var problems = Names(disk, backup, manifest);
        foreach (var expected in manifest.Files)
        {
            var path = PathOf(backup, expected.Path);
            if (disk.Exists(path) && ProblemOf(path, expected, FileCopy.Digest(disk, path, expected.Path, cancellationToken)) is { } problem)
                problems.Add(problem);
        }
        return problems;
    }

    /// <summary>What is missing and what does not belong there.</summary>
    public static List<string> Names(IDisk disk, string backup, BackupManifest manifest)
    {
        var there = FileCopy.Paths(disk, backup).Where(path => path != BackupManifest.FileName).ToHashSet(StringComparer.Ordinal);
        var expected = manifest.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. expected.Except(there).Order(StringComparer.Ordinal).Select(path => $"{PathOf(backup, path)} is missing. Put it back, or use another backup."),
            .. there.Except(expected).Order(StringComparer.Ordinal).Select(path => $"{PathOf(backup, path)} is not part of the backup. Take it away."),
        ];
    }

    /// <summary>How a file differs from what the manifest says; null if it does not.</summary>
    public static string? ProblemOf(string path, BackupFile expected, BackupFile found) =>
        found.Bytes != expected.Bytes ? $"{path} has {found.Bytes} bytes instead of {expected.Bytes}. Use another backup, or another copy of this file."
        : found.Sha256 != expected.Sha256 ? $"{path} is damaged: its SHA-256 is {found.Sha256} instead of {expected.Sha256}. Use another backup, or another copy of this file."
        : null;

    public static string PathOf(string directory, string path) => Path.Combine(directory, Path.Combine(path.Split('/')));
}
