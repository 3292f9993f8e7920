using Kappa.Events;

namespace Kappa.Views;

internal sealed class KeysHandler<TState, TEvent>(
    Func<TEvent, IEnumerable<string?>> select, Func<TState, TEvent, EventContext, TState?> fold) : FoldHandler<TState>
    where TState : class, IViewState<TState> where TEvent : class
{
    public override Type Record => typeof(TEvent);

    public override void Route(object? decoded, in RecordedEvent recorded, ref RoutedKeys keys)
    {
        foreach (var key in select((TEvent)decoded!))
            keys.Add(key);
    }

    public override TState? Fold(TState state, object decoded, EventContext at) => fold(state, (TEvent)decoded, at);
}
