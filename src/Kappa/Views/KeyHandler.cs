using Kappa.Events;

namespace Kappa.Views;

internal sealed class KeyHandler<TState, TEvent>(
    Func<TEvent, EventContext, string?> key, Func<TState, TEvent, EventContext, TState?> fold) : FoldHandler<TState>
    where TState : class, IViewState<TState> where TEvent : class
{
    public override Type Record => typeof(TEvent);

    public override void Route(object? decoded, in RecordedEvent recorded, ref RoutedKeys keys) =>
        keys.Add(key((TEvent)decoded!, new EventContext(recorded, "")));

    public override TState? Fold(TState state, object decoded, EventContext at) => fold(state, (TEvent)decoded, at);
}
