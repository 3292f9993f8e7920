using Kappa.Events;

namespace Kappa.Views;

/// <summary>
/// Routes recorded events to the keys of one view: decodes an event once, asks the author's selector, checks the keys.
/// Thread-safe, and a function of the event and the code alone.
/// </summary>
public sealed class ViewRouter<TState> where TState : class, IViewState<TState>
{
    private readonly EventTypes _types;
    private readonly FoldHandler<TState>?[] _handlers;

    /// <exception cref="InvalidOperationException">The view handles a record that is not registered, or not the newest of its type.</exception>
    public ViewRouter(View<TState> view, EventTypes types)
    {
        _types = types.Seal();
        _handlers = new FoldHandler<TState>?[types.Count];
        foreach (var record in view.Events)
        {
            var type = types.Of(record);
            if (type.Newest != type)
                throw new InvalidOperationException(
                    $"View {view.Name} handles {record.Name}, an old version of {type.Name}; handle {type.Newest.Record.Name}, upcasters lift to it.");
        }
        foreach (var type in types.All)
            _handlers[type.Index] = view.HandlerOf(type.Newest.Record);
    }

    /// <summary>Works out where an event goes. Never throws what the author's code throws; that is the outcome <see cref="RouteStatus.Unroutable"/>.</summary>
    /// <param name="keys">Cleared, then filled with the keys.</param>
    public Route<TState> Route(in RecordedEvent recorded, ref RoutedKeys keys)
    {
        keys.Clear();
        if (_types.Find(recorded.Type) is not { } type || _handlers[type.Index] is not { } handler)
            return default;
        object? decoded = null;
        try
        {
            if (!handler.RoutesOnHeader)
                decoded = type.Decode(recorded.Data.Span);
            handler.Route(decoded, recorded, ref keys);
        }
#pragma warning disable CA1031 // Whatever an author's selector throws holds this event, and only this one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new Route<TState>(RouteStatus.Unroutable, handler, type, null, FoldFailure.Describe(e));
        }
        for (var i = 0; i < keys.Count; i++)
            if (ViewKey.ProblemOf(keys[i]) is { } problem)
                return new Route<TState>(RouteStatus.Unroutable, handler, type, null, problem);
        return new Route<TState>(RouteStatus.Routed, handler, type, decoded, null);
    }
}
