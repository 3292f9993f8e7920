using Kappa.Log;

namespace Kappa.Backups;

/// <summary>Restores one backup.</summary>
internal sealed class BackupRestore(IDisk source, string backup, IDisk disk, string data)
{
    private const string DataPrefix = "data/";

    // As long as it is missing nobody takes the directory for a log, and nobody makes a new one of what is there.
    private const string Last = "data/log/log.json";

    public BackupManifest Run(CancellationToken cancellationToken)
    {
        var manifest = BackupManifest.Read(source, backup);
        if (BackupCheck.Names(source, backup, manifest) is [_, ..] problems)
            throw new BackupException(string.Join("\n", problems));
        Backup.ThrowUnlessEmpty(disk, data);
        FileCopy.MakeDirectory(disk, data);
        try
        {
            foreach (var file in manifest.Files.Where(file => file.Path != Last).Append(manifest.Files.Single(file => file.Path == Last)))
                Copy(file, cancellationToken);
        }
        catch (Exception e) when (e is BackupException or DiskFullException or OperationCanceledException)
        {
            TakeAway();
            throw;
        }
        return manifest;
    }

    private void Copy(BackupFile file, CancellationToken cancellationToken)
    {
        // Settings are of use to people only; they are put where they do not take effect by themselves.
        var path = BackupCheck.PathOf(data, file.Path.StartsWith(DataPrefix, StringComparison.Ordinal) ? file.Path[DataPrefix.Length..] : file.Path);
        var directory = Path.GetDirectoryName(path)!;
        if (disk.Files(directory).Count == 0)
            FileCopy.MakeDirectory(disk, directory);
        var from = BackupCheck.PathOf(backup, file.Path);
        if (BackupCheck.ProblemOf(from, file, FileCopy.Copy(source, from, disk, path, file.Path, cancellationToken)) is { } problem)
            throw new BackupException(problem);
        disk.FlushDirectory(directory);
    }

    private void TakeAway()
    {
        foreach (var name in disk.Directories(data))
            disk.DeleteDirectory(Path.Combine(data, name));
        foreach (var name in disk.Files(data))
            disk.Delete(Path.Combine(data, name));
    }
}
