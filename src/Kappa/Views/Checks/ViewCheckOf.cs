using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>
/// Checks what every engine relies on: that a view's states depend on the events alone. The same events are folded in
/// the order of their appends, once more so, with every state stored and read back between any two folds, and then in
/// many random orders: partitions interleaved and delayed, events repeated, states reloaded, each partition in its
/// order. All must give the same bytes for every key. A difference is shrunk to the smallest case that still shows it.
/// </summary>
/// <example><code>ViewCheck.For(new PlayerView(), types).Holds(script.Events);</code></example>
public sealed class ViewCheck<TState> where TState : class, IViewState<TState>
{
    private readonly View<TState> _view;
    private readonly EventTypes _types;

    internal ViewCheck(View<TState> view, EventTypes types) => (_view, _types) = (view, types);

    /// <summary>How many random orders are tried.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>Throws if <see cref="Find"/> finds anything.</summary>
    /// <exception cref="ViewCheckException">The message shows the smallest failing case and the seed that leads to it.</exception>
    public void Holds(IReadOnlyList<RecordedEvent> events, int seed = 1)
    {
        if (Find(events, seed) is { } failure)
            throw new ViewCheckException(failure);
    }

    /// <summary>The smallest case found in which the state does not depend on the events alone; null if there is none.</summary>
    /// <param name="events">Events with their positions, in the order of their appends.</param>
    /// <param name="seed">The same seed and events always try the same orders.</param>
    public ViewCheckFailure? Find(IReadOnlyList<RecordedEvent> events, int seed = 1)
    {
        var random = new Random(seed);
        var inOrder = DeliveryPlan.InOrder(events.Count, reload: false);
        var reference = Fold(events, inOrder);
        for (var round = 0; round < Rounds + 2; round++)
        {
            var plan = round switch
            {
                0 => inOrder,
                1 => DeliveryPlan.InOrder(events.Count, reload: true),
                _ => DeliveryPlan.AtRandom(events, random),
            };
            if (DifferingKey(reference, Fold(events, plan)) is not null)
                return Describe(events, new DeliveryShrinker(events, smaller => Differ(events, smaller)).Shrink(plan), seed);
        }
        return null;
    }

    private bool Differ(IReadOnlyList<RecordedEvent> events, Delivery[] plan) =>
        DifferingKey(Fold(events, DeliveryShrinker.InOrder(plan)), Fold(events, plan)) is not null;

    private ViewFixture<TState> Fold(IReadOnlyList<RecordedEvent> events, Delivery[] plan)
    {
        var fixture = new ViewFixture<TState>(_view, _types);
        foreach (var delivery in plan)
            fixture.Take(events[delivery.Event], delivery.Reload);
        return fixture;
    }

    private static string? DifferingKey(ViewFixture<TState> one, ViewFixture<TState> other) =>
        one.Keys.Union(other.Keys).FirstOrDefault(key => one.Json(key) != other.Json(key));

    private ViewCheckFailure Describe(IReadOnlyList<RecordedEvent> events, Delivery[] plan, int seed)
    {
        var inOrder = DeliveryShrinker.InOrder(plan);
        var (one, other) = (Fold(events, inOrder), Fold(events, plan));
        // A fold that is not even repeatable may agree with itself this time; then there is no key to name.
        var key = DifferingKey(one, other) ?? "";
        return new ViewCheckFailure(_view.ToString(), key, seed, events, inOrder, one.Json(key), plan, other.Json(key));
    }
}
