using Kappa.Capture;
using Kappa.Log;

namespace Kappa.Backups;

/// <summary>
/// Makes one backup: first the log, then the capture, in which everything is that the copied log has no more. What the
/// capture has beyond the copied log goes again (see <see cref="CaptureEnd"/>). Then the copy is opened and read.
/// </summary>
internal sealed class BackupMaker(IDisk source, string data, string target, BackupOptions options, TimeProvider time, IDisk disk)
{
    private const int PageBytes = 1 << 20;

    private string SourceLog => Path.Combine(data, "log");
    private string TargetData => Path.Combine(target, "data");
    private string TargetLog => Path.Combine(TargetData, "log");
    private string TargetCapture => Path.Combine(TargetData, "capture");

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
        new LogCopy(source, SourceLog, disk, TargetLog).Run(cancellationToken);
        foreach (var name in source.Directories(data).Where(name => name != "log" && (name != "views" || options.WithViews)))
            FileCopy.Tree(source, Path.Combine(data, name), disk, Path.Combine(TargetData, name), cancellationToken);
        if (options.CaptureDirectory is { } capture)
            FileCopy.Tree(source, Path.GetFullPath(capture), disk, TargetCapture, cancellationToken);
        if (options.Settings.Count > 0)
            FileCopy.MakeDirectory(disk, Path.Combine(target, "settings"));
        foreach (var settings in options.Settings)
            FileCopy.Into(source, Path.GetFullPath(settings), disk, Path.Combine(target, "settings"), cancellationToken);
        var cut = await ProveAsync(acknowledged, cancellationToken).ConfigureAwait(false);
        var manifest = new BackupManifest(logId, time.GetUtcNow(), cut, [.. FileCopy.Paths(disk, target).Order(StringComparer.Ordinal)
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

    /// <summary>Opens the copy, which cuts an unfinished write off, reads all of it, and closes it in good order.</summary>
    private async Task<Cut> ProveAsync(Cut acknowledged, CancellationToken cancellationToken)
    {
        Cut cut;
        await using (var log = FileLog.Open(TargetLog, new LogOptions(), disk, time))
        {
            await CaptureEnd.TakeBackAsync(log, TargetCapture, disk, cancellationToken).ConfigureAwait(false);
            await ReadAllAsync(log, cancellationToken).ConfigureAwait(false);
            if (Enumerable.Range(0, log.PartitionCount).Select(log.Problem).FirstOrDefault(problem => problem is not null) is { } problem)
                throw Damaged(problem);
            cut = new Cut([.. Enumerable.Range(0, log.PartitionCount).Select(log.Next)]);
        }
        disk.Delete(Path.Combine(TargetLog, "log.lock"));
        disk.FlushDirectory(TargetLog);
        return cut.Covers(acknowledged)
            ? cut
            : throw new BackupException($"The copy ends at {cut}, but {acknowledged} had been acknowledged before. Was something taken from {SourceLog} meanwhile?");
    }

    private async Task ReadAllAsync(FileLog log, CancellationToken cancellationToken)
    {
        try
        {
            var whole = await WholeLog.OpenAsync(log, TargetCapture, disk, cancellationToken).ConfigureAwait(false);
            for (var p = 0; p < whole.PartitionCount; p++)
                for (var at = whole.First(p); at < whole.Next(p);)
                {
                    using var page = await whole.ReadAsync(p, at, PageBytes, cancellationToken).ConfigureAwait(false);
                    at = page.Next;
                }
        }
        catch (Exception e) when (e is LogCorruptException or CaptureCorruptException)
        {
            throw Damaged(e.Message, e);
        }
    }

    /// <summary>The copy has the bytes of the original, so that is where to look.</summary>
    private BackupException Damaged(string problem, Exception? cause = null) =>
        new($"No backup was made, since the copy cannot be read. {problem.Replace(TargetData, data, StringComparison.Ordinal)}", cause);

    private static bool IsInside(string one, string other) =>
        one == other || one.StartsWith(other.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
