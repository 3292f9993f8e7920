using System.Collections.Concurrent;
using Kappa.Views;

namespace Kappa.Web.Dashboard;

/// <summary>
/// The latest audit of each view, for all dashboards together. An audit reads the whole log, so a view is never audited
/// twice at once. Thread-safe.
/// </summary>
public sealed partial class AuditBoard(IViews views, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<AuditBoard> logger)
{
    private readonly ConcurrentDictionary<string, AuditRun> _runs = new(StringComparer.Ordinal);

    /// <summary>Raised whenever an audit starts or ends.</summary>
    public Signal Changed { get; } = new();

    public AuditRun? Of(string view) => _runs.GetValueOrDefault(view);

    /// <summary>Starts an audit and returns at once; false if there is no such view or one is under way.</summary>
    public async Task<bool> StartAsync(string view, CancellationToken cancellationToken)
    {
        var known = await views.ListAsync(cancellationToken);
        if (!known.Any(info => info.View == view))
            return false;
        var run = new AuditRun(time.GetUtcNow());
        if (_runs.AddOrUpdate(view, run, (_, last) => last.Ended is null ? last : run) != run)
            return false;
        Changed.Raise();
        _ = Task.Run(() => AuditAsync(view, run), CancellationToken.None);
        return true;
    }

    private async Task AuditAsync(string view, AuditRun run)
    {
        try
        {
            run = run with { Report = await views.AuditAsync(view, lifetime.ApplicationStopping) };
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            run = run with { Problem = "The host stopped before the audit was done." };
        }
        catch (Exception e)
        {
            // Whatever stopped it belongs on the board: an audit that silently never ends would look like one that goes on.
            LogAuditFailed(e, view);
            run = run with { Problem = e.Message };
        }
        _runs[view] = run with { Ended = time.GetUtcNow() };
        Changed.Raise();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit of view {View} could not be finished")]
    private partial void LogAuditFailed(Exception cause, string view);
}
