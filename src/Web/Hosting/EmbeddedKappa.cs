using Kappa.Capture;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Api;

namespace Kappa.Web.Hosting;

/// <summary>
/// The embedded log and engine over the life of a host: opened before anything else starts, closed after everything else
/// has stopped, the engine first, so that appends under way are still acknowledged.
/// </summary>
public sealed class EmbeddedKappa(
    KappaOptions options, EventTypes types, IEnumerable<View> views, IHostEnvironment environment, TimeProvider time, IDisk? disk = null)
    : IHostedLifecycleService, ILogProblems, IAsyncDisposable
{
    private readonly Lock _opening = new();
    private FileLog? _log;
    private ILogReader? _reader;
    private LogCapture? _capture;
    private ViewEngine? _engine;
    private bool _closed;

    /// <summary>Where log and views are kept, absolute.</summary>
    public string Directory { get; } = Path.GetFullPath(options.Data, environment.ContentRootPath);

    public FileLog Log => Open()._log!;

    /// <summary>The log and, where it is captured, its capture, as one.</summary>
    public ILogReader Reader => Open()._reader!;

    /// <summary>What captures the log; null if it is not to be.</summary>
    public LogCapture? Capture => Open()._capture;
    public IViews Views => Open()._engine!;
    public IRebuilds Rebuilds => Open()._engine!.Rebuilds;

    /// <summary>Where capture files are kept, absolute.</summary>
    public string CaptureDirectory => Path.GetFullPath(options.Capture.Directory ?? Path.Combine(Directory, "capture"), environment.ContentRootPath);

    public IReadOnlyList<string> Current =>
        [.. Enumerable.Range(0, Log.PartitionCount).Select(Log.Problem).OfType<string>()];

    public IReadOnlyList<string> OfCapture => Capture?.Problems ?? [];

    /// <summary>Opens what is kept in the directory, once; called by the host at its start unless somebody was sooner. Blocks.</summary>
    /// <exception cref="SetupException">It cannot be opened; the message says what to do.</exception>
    public EmbeddedKappa Open()
    {
        lock (_opening)
        {
            if (_closed)
                throw new EngineStoppedException();
            if (_engine is null)
                OpenBoth();
            return this;
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Open();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        lock (_opening)
        {
            if (_closed)
                return;
            _closed = true;
        }
        if (_engine is not null)
            await _engine.DisposeAsync();
        if (_log is not null)
            await _log.DisposeAsync();
    }

    private void OpenBoth()
    {
        try
        {
            _log ??= FileLog.Open(Path.Combine(Directory, "log"), options.Log, disk, time);
            _reader = OpenCapture(_log);
            _engine = ViewEngine.Open(_reader, types, views, Path.Combine(Directory, "views"), options.ToEngineOptions(), disk, time);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data in {Directory} cannot be opened. {e.Message}", e);
        }
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
