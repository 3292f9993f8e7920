using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Web.Hosting;

/// <summary>
/// The embedded log and engine over the life of a host: opened before anything else starts, closed after everything else
/// has stopped, the engine first, so that appends under way are still acknowledged.
/// </summary>
public sealed class EmbeddedKappa(EmbeddedLog log, KappaOptions options, EventTypes types, IEnumerable<View> views, TimeProvider time, IDisk? disk = null)
    : IHostedLifecycleService, IAsyncDisposable
{
    private readonly Lock _opening = new();
    private ViewEngine? _engine;
    private bool _closed;

    public EmbeddedLog Log => log;
    public IViews Views => Open()._engine!;
    public IRebuilds Rebuilds => Open()._engine!.Rebuilds;

    /// <summary>Opens what is kept in the directory, once; called by the host at its start unless somebody was sooner. Blocks.</summary>
    /// <exception cref="SetupException">It cannot be opened; the message says what to do.</exception>
    public EmbeddedKappa Open()
    {
        lock (_opening)
        {
            if (_closed)
                throw new EngineStoppedException();
            if (_engine is null)
                EmbeddedLog.Guarded(log.Directory, () =>
                    _engine = ViewEngine.Open(log.Reader, types, views, Path.Combine(log.Directory, "views"), options.ToEngineOptions(), disk, time));
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
        await log.DisposeAsync();
    }
}
