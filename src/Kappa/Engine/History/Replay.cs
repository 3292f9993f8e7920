using System.Runtime.CompilerServices;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// Folds one instance again, version by version, from its history and the log. Keeps its place between calls, so that
/// going on costs only what is new; positions and events are read in pieces, so that a long history is never held whole.
/// Not thread-safe.
/// </summary>
internal sealed class Replay<TState>(View<TState> view, ILogReader log, ViewRouter<TState> router, ShardStore store) : IDisposable
    where TState : class, IViewState<TState>
{
    private readonly InstanceFold<TState> _fold = new(view, router);
    private readonly PositionChain _applied = new(store);
    private bool _started;
    private long _generation;

    /// <summary>The version at which it stands.</summary>
    public long Version => _fold.Version;

    /// <summary>The bytes of the state there.</summary>
    public int StateBytes => _fold.StateBytes;

    /// <summary>True if it stands at a version of this record's instance and can go on from there.</summary>
    public bool IsAt(InstanceRecord record, long version) => _started && _generation == record.Generation && Version == version;

    /// <summary>The versions after <paramref name="after"/> up to <paramref name="to"/> of a committed instance, always the same one.</summary>
    /// <exception cref="ViewFailedException">The fold no longer does what it did: its code changed without a new version.</exception>
    /// <exception cref="LogRetiredException">The log no longer has the events.</exception>
    public async IAsyncEnumerable<ReplayStep> StepsAsync(InstanceRecord record, long after, long to,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_started || _generation != record.Generation || Version > after || after - Version > Checkpoint.Every)
            _fold.Start(record.Key, PositionHistory.CheckpointAtOrBefore(store, record.LastCheckpoint, after));
        (_started, _generation) = (true, record.Generation);
        _applied.Follow(record.Applied, record.AppliedTail);
        using var events = new EventFetcher(log);
        byte[]? before = null;
        while (Version < to)
        {
            var run = _applied.RunAt(Version, out var first);
            for (var i = Version - first; i < run.Length && Version < to; i++)
            {
                if (Version == after)
                    before = _fold.Write();
                var recorded = await events.GetAsync(run[i], cancellationToken).ConfigureAwait(false);
                _fold.Take(recorded);
                if (Version <= after)
                    continue;
                var now = _fold.Write();
                yield return new ReplayStep(Version, recorded, before, now);
                before = now;
            }
        }
    }

    public void Dispose() => _fold.Dispose();
}
