using Kappa.Log;

namespace Kappa.Capture;

/// <summary>A log from its first event on, wherever that is kept, for programs that are not told how its host is set up.</summary>
public static class WholeLog
{
    /// <summary>The log together with its capture, if there is one in this directory; else the log, which must then hold everything.</summary>
    /// <param name="log">A <see cref="FileLog"/>, or a <see cref="LogSnapshot"/>; stays its owner's.</param>
    /// <exception cref="LogCorruptException">The log's older segments are gone, and this directory does not hold what was in them.</exception>
    public static Task<ILogReader> OpenAsync(ILogReader log, string captureDirectory, CancellationToken cancellationToken = default) =>
        OpenAsync(log, captureDirectory, new ReadOnlyDisk(), cancellationToken);

    /// <summary>The capture of a log, read only; nobody need have it open.</summary>
    /// <exception cref="InvalidOperationException">There is no capture of a log of ours, or there are several.</exception>
    public static async Task<ILogReader> OpenCaptureAsync(string directory, CancellationToken cancellationToken = default) =>
        await CapturedLog.OpenAsync(new DirectoryCaptureStore(directory, new ReadOnlyDisk()), cancellationToken).ConfigureAwait(false);

    internal static async Task<ILogReader> OpenAsync(ILogReader log, string captureDirectory, IDisk disk, CancellationToken cancellationToken)
    {
        var whole = await CapturedAsync(log, captureDirectory, disk, cancellationToken).ConfigureAwait(false);
        for (var p = 0; p < whole.PartitionCount; p++)
            if (whole.First(p) > 0)
                throw new LogCorruptException($"Partition {p} of the log begins with sequence {whole.First(p)}: what was before was retired, "
                    + $"and {captureDirectory} does not hold it. Name the directory of the capture.");
        return whole;
    }

    private static async Task<ILogReader> CapturedAsync(ILogReader log, string directory, IDisk disk, CancellationToken cancellationToken)
    {
        try
        {
            var captured = await CapturedLog.OpenAsync(new DirectoryCaptureStore(directory, disk), cancellationToken).ConfigureAwait(false);
            return captured.LogId == log.LogId ? new TieredLog(log, captured) : log;
        }
        // No capture there, or several: of no matter as long as the log is whole by itself, which the caller finds out.
        catch (InvalidOperationException)
        {
            return log;
        }
    }
}
