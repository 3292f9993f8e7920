using Kappa.Log;

namespace Kappa.Backups;

/// <summary>
/// Backups of a data directory, whose host may be running. A backup is a directory:
/// <code>
///   backup.json    what there is, with lengths and SHA-256; written last (see <see cref="BackupManifest"/>)
///   data/          as the data directory: log/, capture/, views/ if asked for
///   settings/      files that say how the host was set up
/// </code>
/// </summary>
public static class Backup
{
    /// <summary>
    /// Makes a backup. Everything that was acknowledged before this was called is in it; what is appended meanwhile may
    /// be. The copy was opened and read to its end, and is durable when this returns.
    /// </summary>
    /// <param name="data">The host's data directory.</param>
    /// <param name="target">A directory that is not there or empty.</param>
    /// <exception cref="BackupException">It cannot be made; what was copied so far is no backup.</exception>
    /// <exception cref="LogCorruptException">The log is damaged; it names the place.</exception>
    public static Task<BackupManifest> CreateAsync(string data, string target, BackupOptions? options = null,
        TimeProvider? time = null, CancellationToken cancellationToken = default) =>
        CreateAsync(data, target, options ?? new BackupOptions(), time ?? TimeProvider.System, PhysicalDisk.Instance, cancellationToken);

    /// <summary>Compares every file with the manifest.</summary>
    /// <returns>What is wrong, file by file; empty if nothing is.</returns>
    /// <exception cref="BackupException">There is no backup, or its manifest is damaged.</exception>
    public static IReadOnlyList<string> Verify(string backup, out BackupManifest manifest, CancellationToken cancellationToken = default) =>
        BackupCheck.Run(new ReadOnlyDisk(), Path.GetFullPath(backup), out manifest, cancellationToken);

    /// <summary>
    /// Copies a backup into a data directory. Every byte was compared with its digest and is durable when this returns. A
    /// host cannot open what was restored only in part: the log's description comes last.
    /// </summary>
    /// <param name="data">A directory that is not there or empty.</param>
    /// <exception cref="BackupException">The backup is not whole, or the target is not empty; what was copied is taken away again.</exception>
    public static BackupManifest Restore(string backup, string data, CancellationToken cancellationToken = default) =>
        new BackupRestore(new ReadOnlyDisk(), Path.GetFullPath(backup), PhysicalDisk.Instance, Path.GetFullPath(data)).Run(cancellationToken);

    internal static Task<BackupManifest> CreateAsync(string data, string target, BackupOptions options, TimeProvider time, IDisk disk, CancellationToken cancellationToken,
        IDisk? source = null) =>
        new BackupMaker(source ?? new ReadOnlyDisk(), Path.GetFullPath(data), Path.GetFullPath(target), options, time, disk).RunAsync(cancellationToken);

    internal static void ThrowUnlessEmpty(IDisk disk, string directory)
    {
        if (disk.Files(directory).Count > 0 || disk.Directories(directory).Count > 0)
            throw new BackupException($"{directory} is not empty. Name another directory, or empty this one if you know what it holds.");
    }
}
