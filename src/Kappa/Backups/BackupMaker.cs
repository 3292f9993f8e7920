using Kappa.Log;

namespace Kappa.Backups;

/// <summary>
/// Makes one backup. Segments only grow at their end, so a copy made while they are written is a prefix of each
/// partition. The order matters where segments are retired meanwhile: first the segments, then the record of what was
/// retired, then the capture: what is gone from the log by then is in the capture.
/// </summary>
internal sealed class BackupMaker(IDisk source, string data, string target, BackupOptions options, TimeProvider time, IDisk disk)
{
    private const int PageBytes = 1 << 20;
    private const string Unfinished = ".new";

    // Of the running process alone: a lock, and the mark of a clean end, which would lie about a copy made before it.
    private static readonly string[] _notCopied = ["log.lock", "closed.json"];

    private string SourceLog => Path.Combine(data, "log");
    private string TargetData => Path.Combine(target, "data");
    private string TargetLog => Path.Combine(TargetData, "log");

    public async Task<BackupManifest> RunAsync(CancellationToken cancellationToken)
    {
        if (!LogSnapshot.IsLog(SourceLog))
            throw new BackupException($"There is no log in {data}: {Path.Combine(SourceLog, "log.json")} is missing.");
        if (IsInside(target, data) || IsInside(data, target))
            throw new BackupException($"{target} and {data} lie in one another; a backup goes somewhere else, best onto another disk.");
        Backup.ThrowUnlessEmpty(disk, target);
        using var held = options.WithViews ? Hold() : null;
        var (logId, acknowledged) = Look();
        FileCopy.MakeDirectory(disk, target);
        CopyLog(cancellationToken);
        foreach (var name in source.Directories(data).Where(name => name != "log" && (name != "views" || options.WithViews)))
            CopyTree(Path.Combine(data, name), Path.Combine(TargetData, name), cancellationToken);
        if (options.CaptureDirectory is { } capture)
            CopyTree(Path.GetFullPath(capture), Path.Combine(TargetData, "capture"), cancellationToken);
        if (options.Settings.Count > 0)
            FileCopy.MakeDirectory(disk, Path.Combine(target, "settings"));
        foreach (var settings in options.Settings)
            CopyFile(Path.GetFullPath(settings), Path.Combine(target, "settings"), cancellationToken);
        var cut = await ProveAsync(acknowledged, cancellationToken).ConfigureAwait(false);
        var manifest = new BackupManifest(logId, time.GetUtcNow(), cut, [.. FileCopy.Tree(disk, target).Order(StringComparer.Ordinal)
            .Select(path => FileCopy.Digest(disk, BackupCheck.PathOf(target, path), path, cancellationToken))]);
        manifest.Write(disk, target);
        return manifest;
    }

    /// <summary>Keeps hosts away while the views' files are copied.</summary>
    private IDisposable Hold()
    {
        try
        {
            return PhysicalDisk.Instance.Lock(Path.Combine(SourceLog, "log.lock"));
        }
        catch (IOException e)
        {
            throw new BackupException($"The views cannot be copied while a host runs on {data}: {e.Message} Leave them out, they can be folded again; or stop it.", e);
        }
    }

    /// <summary>What has been acknowledged by now: it is all on disk before anybody is told.</summary>
    private (long LogId, Cut Acknowledged) Look()
    {
        using var log = LogSnapshot.Open(SourceLog);
        return (log.LogId, new Cut([.. Enumerable.Range(0, log.PartitionCount).Select(log.Next)]));
    }

    private void CopyLog(CancellationToken cancellationToken)
    {
        foreach (var partition in source.Directories(SourceLog))
            CopyTree(Path.Combine(SourceLog, partition), Path.Combine(TargetLog, partition), cancellationToken);
        foreach (var name in source.Files(SourceLog).Where(name => !_notCopied.Contains(name)))
            CopyFile(Path.Combine(SourceLog, name), TargetLog, cancellationToken);
    }

    private void CopyTree(string from, string to, CancellationToken cancellationToken)
    {
        FileCopy.MakeDirectory(disk, to);
        foreach (var name in source.Files(from))
            CopyFile(Path.Combine(from, name), to, cancellationToken);
        foreach (var name in source.Directories(from))
            CopyTree(Path.Combine(from, name), Path.Combine(to, name), cancellationToken);
    }

    private void CopyFile(string from, string directory, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(from);
        if (name.EndsWith(Unfinished, StringComparison.Ordinal))
            return;
        var to = Path.Combine(directory, name);
        if (disk.Exists(to))
            throw new BackupException($"Two files would be {to}; give settings different names.");
        try
        {
            FileCopy.Copy(source, from, disk, to, name, cancellationToken);
        }
        catch (FileNotFoundException) when (from.StartsWith(SourceLog, StringComparison.Ordinal) && Path.GetExtension(from) == ".log")
        {
            // A segment that was retired since it was listed: the capture has it, and the proof would miss it otherwise.
            return;
        }
        disk.FlushDirectory(directory);
    }

    /// <summary>Opens the copy, which cuts an unfinished write off, reads all of it, and closes it in good order.</summary>
    private async Task<Cut> ProveAsync(Cut acknowledged, CancellationToken cancellationToken)
    {
        Cut cut;
        await using (var log = FileLog.Open(TargetLog, new LogOptions(), disk, time))
        {
            for (var p = 0; p < log.PartitionCount; p++)
            {
                await ReadAllAsync(log, p, cancellationToken).ConfigureAwait(false);
                if (log.Problem(p) is { } problem)
                    throw Damaged(problem);
            }
            cut = new Cut([.. Enumerable.Range(0, log.PartitionCount).Select(log.Next)]);
        }
        disk.Delete(Path.Combine(TargetLog, "log.lock"));
        disk.FlushDirectory(TargetLog);
        return cut.Covers(acknowledged)
            ? cut
            : throw new BackupException($"The copy ends at {cut}, but {acknowledged} had been acknowledged before. Was something taken from {SourceLog} meanwhile?");
    }

    private async Task ReadAllAsync(FileLog log, int partition, CancellationToken cancellationToken)
    {
        try
        {
            for (var at = log.First(partition); at < log.Next(partition);)
            {
                using var page = await log.ReadAsync(partition, at, PageBytes, cancellationToken).ConfigureAwait(false);
                at = page.Next;
            }
        }
        catch (LogCorruptException e)
        {
            throw Damaged(e.Message, e);
        }
    }

    /// <summary>The copy has the bytes of the original, so that is where to look.</summary>
    private BackupException Damaged(string problem, Exception? cause = null) =>
        new($"No backup was made, since the copy cannot be read. {problem.Replace(TargetLog, SourceLog, StringComparison.Ordinal)}", cause);

    private static bool IsInside(string one, string other) =>
        one == other || one.StartsWith(other.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
