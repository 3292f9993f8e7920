using Kappa.Events;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>One event on its way to one instance: the index in its page, and what routing found out.</summary>
internal readonly struct Delivery<TState>(int index, string key, FoldHandler<TState> handler, EventType type, object? decoded)
    where TState : class, IViewState<TState>
{
    public int Index { get; } = index;
    public string Key { get; } = key;
    public FoldHandler<TState> Handler { get; } = handler;
    public EventType Type { get; } = type;
    public object? Decoded { get; } = decoded;
}
