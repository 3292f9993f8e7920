using Kappa.Events;

namespace Kappa.Views;

/// <summary>How a view handles one event type: to which keys it goes, and how it changes a state.</summary>
public abstract class FoldHandler<TState> where TState : class, IViewState<TState>
{
    private protected FoldHandler() { }

    /// <summary>The event's record type.</summary>
    public abstract Type Record { get; }

    /// <summary>True if <see cref="Route"/> needs no decoded event.</summary>
    public virtual bool RoutesOnHeader => false;

    /// <summary>Adds the keys that the event goes to. May throw what the author's selector throws.</summary>
    /// <param name="decoded">The record; null if <see cref="RoutesOnHeader"/>.</param>
    public abstract void Route(object? decoded, in RecordedEvent recorded, ref RoutedKeys keys);

    /// <summary>The state after the event; null deletes. May throw what the author's fold throws.</summary>
    public abstract TState? Fold(TState state, object decoded, EventContext at);
}
