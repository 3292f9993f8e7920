using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Auditing;

/// <summary>See <see cref="WindowReader"/>.</summary>
internal sealed class WindowReaderOf<TState>(ViewRouter<TState> router, ILogReader log) : WindowReader where TState : class, IViewState<TState>
{
    private const int PageBytes = 512 << 10;
    private const long WindowBytesMax = 64 << 20;

    /// <summary>All that are held stand in one document.</summary>
    private const int ReasonMax = 120;

    public override async Task<AuditWindow> ReadAsync(int partition, long from, long to, int eventsMax, CancellationToken cancellationToken)
    {
        var window = new AuditWindow(partition, from);
        try
        {
            while (window.Next < to && window.Next - from < eventsMax && window.Bytes < WindowBytesMax)
            {
                var page = await log.ReadAsync(partition, window.Next, PageBytes, cancellationToken).ConfigureAwait(false);
                if (page.Count == 0)
                {
                    page.Dispose();
                    break;
                }
                Add(window, page);
            }
            return window;
        }
        catch
        {
            window.Dispose();
            throw;
        }
    }

    public override string? Route(in RecordedEvent recorded, ref RoutedKeys keys)
    {
        var route = router.Route(recorded, ref keys);
        if (route.Status != RouteStatus.Routed)
            keys.Clear();
        return route.Status == RouteStatus.Unroutable ? route.Problem ?? "It cannot be routed." : null;
    }

    private void Add(AuditWindow window, LogPage page)
    {
        window.Add(page);
        var keys = default(RoutedKeys);
        foreach (ref readonly var recorded in page.Events)
            if (Route(recorded, ref keys) is { } problem)
                window.Held.Add(new HeldAtView(recorded.Position.Sequence, problem.Length > ReasonMax ? problem[..ReasonMax] + "…" : problem));
            else if (keys.Count > 0)
                window.Add(recorded, keys);
    }
}
