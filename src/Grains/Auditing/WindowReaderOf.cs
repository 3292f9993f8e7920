using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Auditing;

/// <summary>See <see cref="WindowReader"/>.</summary>
internal sealed class WindowReaderOf<TState>(ViewRouter<TState> router, ILogReader log) : WindowReader where TState : class, IViewState<TState>
{
    private const int PageBytes = 512 << 10;
    private const long WindowBytesMax = 32 << 20;

    /// <summary>All that are held stand in one document.</summary>
    private const int ReasonMax = 120;

    public override async Task<AuditWindow> ReadAsync(int partition, DuplicateFilter duplicates, long to, int eventsMax, CancellationToken cancellationToken)
    {
        var window = new AuditWindow(partition, duplicates.Next);
        try
        {
            while (window.Next < to && window.Next - window.From < eventsMax && window.Bytes < WindowBytesMax)
            {
                var page = await log.ReadAsync(partition, window.Next, PageBytes, cancellationToken).ConfigureAwait(false);
                if (page.Count == 0)
                {
                    page.Dispose();
                    break;
                }
                await AddAsync(window, page, duplicates, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask AddAsync(AuditWindow window, LogPage page, DuplicateFilter duplicates, CancellationToken cancellationToken)
    {
        try
        {
            var keys = default(RoutedKeys);
            for (var i = 0; i < page.Count; i++)
            {
                var isDuplicate = await duplicates.IsDuplicateAsync(page.Events[i], cancellationToken).ConfigureAwait(false);
                Add(window, page.Events[i], isDuplicate, ref keys);
            }
        }
        catch
        {
            page.Dispose();
            throw;
        }
        window.Add(page);
    }

    private void Add(AuditWindow window, in RecordedEvent recorded, bool isDuplicate, ref RoutedKeys keys)
    {
        if (Route(recorded, ref keys) is { } problem)
        {
            if (!isDuplicate)
                window.Held.Add(new HeldAtView(recorded.Position.Sequence, problem.Length > ReasonMax ? problem[..ReasonMax] + "…" : problem));
        }
        else if (isDuplicate)
            window.Ask(keys);
        else if (keys.Count > 0)
            window.Add(recorded, keys);
    }
}
