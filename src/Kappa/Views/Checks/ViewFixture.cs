using System.Text;
using System.Text.Json;
using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>
/// A view folded in memory, one event after the other, by the same <see cref="ViewRouter{TState}"/> and
/// <see cref="ViewInstance{TState}"/> as in every engine: an event given again is dropped by its position, an instance
/// whose fold throws stops there. For tests of views. Not thread-safe.
/// </summary>
public sealed class ViewFixture<TState>(View<TState> view, EventTypes types) where TState : class, IViewState<TState>
{
    private readonly ViewRouter<TState> _router = new(view, types);
    private readonly Dictionary<string, ViewInstance<TState>> _instances = new(StringComparer.Ordinal);
    private readonly List<string> _unroutable = [];

    /// <summary>The keys that took an event, in ordinal order.</summary>
    public IReadOnlyList<string> Keys => [.. _instances.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Each event that could not be routed, with the reason.</summary>
    public IReadOnlyList<string> Unroutable => _unroutable;

    /// <summary>Folds events in the order given.</summary>
    public ViewFixture<TState> Take(IEnumerable<RecordedEvent> events)
    {
        foreach (var recorded in events)
            Take(recorded);
        return this;
    }

    /// <summary>Folds one event.</summary>
    /// <param name="reload">Store each state that it goes to and read it back first, as after a restart.</param>
    public void Take(in RecordedEvent recorded, bool reload = false)
    {
        var keys = new RoutedKeys();
        var route = _router.Route(recorded, ref keys);
        if (route.Status == RouteStatus.Unroutable)
            _unroutable.Add($"{recorded}: {route.Problem}");
        if (route.Status != RouteStatus.Routed)
            return;
        for (var i = 0; i < keys.Count; i++)
        {
            if (!_instances.TryGetValue(keys[i], out var instance))
                _instances[keys[i]] = instance = new ViewInstance<TState>(keys[i]);
            if (reload)
                Reload(instance);
            // Each key gets a record of its own, so that a fold that keeps parts of it shares them with nobody.
            if (instance.Take(route.Handler, route.Type, i == 0 ? route.Decoded : null, recorded, out var failure) == InstanceOutcome.Threw)
                instance.Stop(recorded.Position, FoldFailure.Describe(failure!));
        }
    }

    /// <summary>The instance of a key; null if it took no event.</summary>
    public ViewInstance<TState>? Instance(string key) => _instances.GetValueOrDefault(key);

    /// <summary>The state of a key; null if there is none or it was deleted.</summary>
    public TState? State(string key) => Instance(key)?.State;

    /// <summary>The state as it would be stored; null if there is none, and the reason if the fold threw.</summary>
    public string? Json(string key) => Instance(key) switch
    {
        { Quarantine: { } quarantine } => $"quarantined at {quarantine.Position}: {quarantine.Reason}",
        { State: { } state } => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(state, TState.Json)),
        _ => null,
    };

    private static void Reload(ViewInstance<TState> instance)
    {
        if (instance.State is not { } state)
            return;
        var stored = JsonSerializer.SerializeToUtf8Bytes(state, TState.Json);
        instance.Load(JsonSerializer.Deserialize(stored, TState.Json), instance.Version, instance.Digest, instance.Last, instance.TimeTicks,
            instance.AppendedTicks, instance.Seen, instance.Quarantine, instance.HeldCount, instance.HeldFrom);
    }
}
