using Kappa.Events;

namespace Kappa.Views;

/// <summary>Where one event goes within one view, and what was already decoded on the way.</summary>
public readonly struct Route<TState>(RouteStatus status, FoldHandler<TState>? handler, EventType? type, object? decoded, string? problem)
    where TState : class, IViewState<TState>
{
    public RouteStatus Status { get; } = status;
    public FoldHandler<TState> Handler => handler!;
    public EventType Type => type!;

    /// <summary>The record; null if routing did not need it.</summary>
    public object? Decoded { get; } = decoded;

    /// <summary>Why it is unroutable.</summary>
    public string? Problem { get; } = problem;
}
