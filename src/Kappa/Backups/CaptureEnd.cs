using Kappa.Capture;
using Kappa.Log;

namespace Kappa.Backups;

/// <summary>
/// Takes the copied capture back to where the copied log ends. It was copied after the log, so that nothing that was
/// retired is missing; what was captured in between lies beyond the log's end, and after a restore the log would give
/// those sequences to other events. The log holds what the files that go held of it.
/// </summary>
internal static class CaptureEnd
{
    public static async Task TakeBackAsync(ILogReader log, string directory, IDisk disk, CancellationToken cancellationToken)
    {
        while (await OpenAsync(log, directory, disk, cancellationToken).ConfigureAwait(false) is { } captured)
        {
            var beyond = Enumerable.Range(0, log.PartitionCount).Where(p => captured.Next(p) > log.Next(p)).Select(p => captured.Files(p)[^1].Path).ToArray();
            if (beyond.Length == 0)
                return;
            foreach (var name in beyond)
                Delete(directory, name, disk);
        }
    }

    private static async Task<CapturedLog?> OpenAsync(ILogReader log, string directory, IDisk disk, CancellationToken cancellationToken)
    {
        try
        {
            var captured = await CapturedLog.OpenAsync(new DirectoryCaptureStore(directory, disk), cancellationToken).ConfigureAwait(false);
            return captured.LogId == log.LogId ? captured : null;
        }
        // None, or several: none of them is read together with this log.
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void Delete(string directory, string name, IDisk disk)
    {
        var path = BackupCheck.PathOf(directory, name);
        var index = BackupCheck.PathOf(directory, CaptureLayout.IndexOf(name));
        if (disk.Exists(index))
            disk.Delete(index);
        disk.Delete(path);
        disk.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
