using Kappa.Capture;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Api;

namespace Kappa.Web.Hosting;

/// <summary>
/// The file log of a host and, where it is captured, its capture, over the life of the host: opened before anything else starts, closed after everything
/// else has stopped, so that appends under way are still acknowledged.
/// </summary>
public sealed class EmbeddedLog(KappaOptions options, IHostEnvironment environment, TimeProvider time, IDisk? disk = null) : ILogProblems, IAsyncDisposable
{
    private readonly Lock _opening = new();
    private FileLog? _log;
    private ILogReader? _reader;
    private LogCapture? _capture;
    private bool _closed;

    /// <summary>Where log and views are kept, absolute.</summary>
    public string Directory { get; } = Path.GetFullPath(options.Data, environment.ContentRootPath);

    public FileLog Log => Open()._log!;

    /// <summary>The log and, where it is captured, its capture, as one.</summary>
    public ILogReader Reader => Open()._reader!;

    /// <summary>What captures the log; null if it is not to be.</summary>
    public LogCapture? Capture => Open()._capture;

    /// <summary>Where capture files are kept, absolute.</summary>
    public string CaptureDirectory => Path.GetFullPath(options.Capture.Directory ?? Path.Combine(Directory, "capture"), environment.ContentRootPath);

    public IReadOnlyList<string> Current =>
        [.. Enumerable.Range(0, Log.PartitionCount).Select(Log.Problem).OfType<string>()];

    public IReadOnlyList<string> OfCapture => Capture?.Problems ?? [];

    /// <summary>Opens the log, once; called by the host at its start unless somebody was sooner. Blocks.</summary>
    /// <exception cref="SetupException">It cannot be opened; the message says what to do.</exception>
    public EmbeddedLog Open()
    {
        lock (_opening)
        {
            if (_closed)
                throw new EngineStoppedException();
            if (_reader is null)
                Guarded(Directory, () =>
                {
                    _log ??= FileLog.Open(Path.Combine(Directory, "log"), options.Log, disk, time);
                    _reader = OpenCapture(_log);
                });
            return this;
        }
    }

    /// <summary>Says of a failure to open what stands in a directory which one it is.</summary>
    /// <exception cref="SetupException">It failed.</exception>
    public static void Guarded(string directory, Action open)
    {
        try
        {
            open();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data in {directory} cannot be opened. {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_opening)
        {
            if (_closed)
                return;
            _closed = true;
        }
        if (_log is not null)
            await _log.DisposeAsync();
    }

    /// <summary>What was retired is read from the capture, whether or not more is captured now.</summary>
    private ILogReader OpenCapture(FileLog log)
    {
        if (!options.IsCaptured && Enumerable.Range(0, log.PartitionCount).All(partition => log.First(partition) == 0))
            return log;
        var store = new DirectoryCaptureStore(CaptureDirectory, disk);
        var captured = Task.Run(() => CapturedLog.OpenAsync(store, log, options.Capture)).GetAwaiter().GetResult();
        if (options.IsCaptured)
            _capture = new LogCapture(log, captured, store, options.Capture, time);
        return new TieredLog(log, captured);
    }
}
