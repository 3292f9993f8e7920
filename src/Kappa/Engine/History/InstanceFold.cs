using System.Buffers;
using Kappa.Engine.Folding;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Events;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// One instance folded again, on a copy of its own, from a checkpoint or from nothing: beside the shard's loop, which never
/// waits for it. Not thread-safe.
/// </summary>
internal sealed class InstanceFold<TState>(View<TState> view, ViewRouter<TState> router) : IDisposable
    where TState : class, IViewState<TState>
{
    private readonly StateWriter<TState> _states = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private ViewInstance<TState> _instance = new("");

    /// <summary>How many events are folded in: those before the checkpoint, and those taken since.</summary>
    public long Version => _instance.Version;

    /// <summary>The bytes of the state that was written last.</summary>
    public int StateBytes => _buffer.WrittenCount;

    public void Start(string key, Checkpoint? checkpoint)
    {
        _instance = new ViewInstance<TState>(key);
        if (checkpoint is { } from)
            _instance.Load(from.State is null ? null : InstanceLoader<TState>.StateOf(from.State), from.Version, 0, default, 0, 0, default);
    }

    /// <exception cref="ViewFailedException">The event cannot be folded, though it was once.</exception>
    public void Take(in RecordedEvent recorded)
    {
        var keys = default(RoutedKeys);
        var route = router.Route(recorded, ref keys);
        var failure = route.Problem;
        if (route.Status == RouteStatus.Routed
            && _instance.Take(route.Handler, route.Type, route.Decoded, recorded, out var thrown) != InstanceOutcome.Applied)
            failure = thrown is null ? "the event came twice" : FoldFailure.Describe(thrown);
        if (failure is not null || route.Status == RouteStatus.NotConcerned)
            throw new ViewFailedException(view.Name,
                $"folding '{_instance.Key}' again fails at {recorded.Position}, which it had applied: {failure ?? "the event is no longer handled"}. "
                + "Either the fold's code changed: give the view a new version. Or it depends on how events of several partitions interleave: check it with ViewCheck.");
        _instance.Applied.Clear();
    }

    /// <summary>The state as it would be stored; null if there is none.</summary>
    public byte[]? Write()
    {
        _buffer.ResetWrittenCount();
        if (_instance.State is not { } state)
            return null;
        _states.Write(_buffer, state);
        return _buffer.WrittenSpan.ToArray();
    }

    public void Dispose() => _states.Dispose();
}
