using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Auditing;

/// <summary>Reads windows of a partition and routes their events for one view.</summary>
internal abstract class WindowReader
{
    /// <summary>
    /// Reads from where a filter stands up to a sequence, or to what bounds a window, whichever comes first; as far as the log goes. What the
    /// filter finds to be a duplicate goes to no instance; those that it would have gone to are asked all the same.
    /// </summary>
    public abstract Task<AuditWindow> ReadAsync(int partition, DuplicateFilter duplicates, long to, int eventsMax, CancellationToken cancellationToken);

    /// <summary>Works out where one event goes; the problem if it cannot be routed.</summary>
    public abstract string? Route(in RecordedEvent recorded, ref RoutedKeys keys);

    public static WindowReader Of(View view, EventTypes types, ILogReader log) => view.Accept(new Maker(types, log));

    private sealed class Maker(EventTypes types, ILogReader log) : IViewVisitor<WindowReader>
    {
        public WindowReader Visit<TState>(View<TState> view) where TState : class, IViewState<TState> => new WindowReaderOf<TState>(new ViewRouter<TState>(view, types), log);
    }
}
