using System.Buffers;
using System.Runtime.CompilerServices;
using Kappa.Engine.Folding;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// Folds one instance again, version by version, from its history and the log, on a copy of its own: beside the
/// shard's loop, which never waits for it. Keeps its place between calls, so that going on costs only what is new.
/// Not thread-safe.
/// </summary>
internal sealed class Replay<TState>(View<TState> view, ILogReader log, ViewRouter<TState> router, ShardStore store) : IDisposable
    where TState : class, IViewState<TState>
{
    /// <summary>Positions are read from the history in slices of so many, so that a long one is never held whole.</summary>
    private const int SlicePositions = 4096;

    private readonly StateWriter<TState> _states = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private ViewInstance<TState>? _instance;
    private long _version;
    private long _generation;

    /// <summary>The versions after <paramref name="after"/> up to <paramref name="to"/> of a committed instance.</summary>
    /// <exception cref="ViewFailedException">The fold no longer does what it did: its code changed without a new version.</exception>
    public async IAsyncEnumerable<ReplayStep> StepsAsync(InstanceRecord record, long after, long to,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_instance is null || _generation != record.Generation || _version > after || after - _version > Checkpoint.Every)
            Start(record, after);
        using var fetcher = new EventFetcher(log);
        byte[]? before = null;
        while (_version < to)
        {
            var positions = PositionHistory.Read(store, record.Applied, record.AppliedTail, _version, Math.Min(to, _version + SlicePositions));
            if (positions.Count == 0)
                throw new InvalidDataException($"The history of {view.Name} '{record.Key}' ends at version {_version}, but it has {record.Version}.");
            foreach (var position in positions)
            {
                if (_version == after)
                    before = Write();
                var recorded = await fetcher.GetAsync(position, cancellationToken).ConfigureAwait(false);
                Fold(record.Key, recorded);
                if (_version <= after)
                    continue;
                var now = Write();
                yield return new ReplayStep(_version, recorded, before, now);
                before = now;
            }
        }
    }

    public void Dispose() => _states.Dispose();

    private void Start(InstanceRecord record, long after)
    {
        var checkpoint = PositionHistory.CheckpointAtOrBefore(store, record.LastCheckpoint, after);
        _instance = new ViewInstance<TState>(record.Key);
        _generation = record.Generation;
        _version = checkpoint?.Version ?? 0;
        if (checkpoint is { State: { } state })
            _instance.Load(InstanceLoader<TState>.StateOf(state), _version, 0, default, 0, 0, default);
    }

    private void Fold(string key, in Events.RecordedEvent recorded)
    {
        var keys = default(RoutedKeys);
        var route = router.Route(recorded, ref keys);
        var failure = route.Problem;
        if (route.Status == RouteStatus.Routed
            && _instance!.Take(route.Handler, route.Type, route.Decoded, recorded, out var thrown) != InstanceOutcome.Applied)
            failure = thrown is null ? "the event came twice" : FoldFailure.Describe(thrown);
        if (failure is not null || route.Status == RouteStatus.NotConcerned)
            throw new ViewFailedException(view.Name,
                $"folding '{key}' again fails at {recorded.Position}, which it had applied: {failure ?? "the event is no longer handled"}. The fold's code changed; give the view a new version.");
        _instance!.Applied.Clear();
        _version++;
    }

    private byte[]? Write()
    {
        if (_instance!.State is not { } state)
            return null;
        _buffer.ResetWrittenCount();
        _states.Write(_buffer, state);
        return _buffer.WrittenSpan.ToArray();
    }
}
