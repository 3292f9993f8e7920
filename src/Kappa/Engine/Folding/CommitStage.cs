using System.Runtime.InteropServices;
using Kappa.Engine.Builds;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Engine.Watching;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>
/// Turns changed instances into records of the shard's store: index values, positions that move into the history, the
/// state as JSON; and into envelopes for those that are watched. Everything it stages becomes durable and visible
/// with the shard's next commit. Not thread-safe.
/// </summary>
internal sealed class CommitStage<TState>(View<TState> view, ShardStore store, WatcherSet watchers, HotSet<TState> hotSet, BuildGeneration generation) : IDisposable
    where TState : class, IViewState<TState>
{
    private readonly RecordWriter _record = new();
    private readonly RecordWriter _chunk = new();
    private readonly StateWriter<TState> _states = new();
    private readonly IndexValues<TState> _index = new(view);
    private readonly List<Published> _published = [];
    private readonly List<string?> _lookups = [];
    private readonly List<decimal?> _ranks = [];
    private readonly Dictionary<string, ViewEnvelope> _pushes = [];

    /// <summary>Makes what was committed visible to readers, and says how many instances that are.</summary>
    public int Publish(InstanceTable table)
    {
        if (_published.Count > 0)
            table.Publish(CollectionsMarshal.AsSpan(_published), CollectionsMarshal.AsSpan(_lookups), CollectionsMarshal.AsSpan(_ranks));
        return _published.Count;
    }

    /// <summary>
    /// Offers what was committed and published to its watchers. One that came after its instance was staged has no envelope
    /// here yet and may have read the state of before: it gets one made from the record.
    /// </summary>
    public void Push()
    {
        if (watchers.IsEmpty)
            return;
        foreach (var (entry, committed) in _published)
            if (_pushes.TryGetValue(entry.Key, out var envelope))
                watchers.Push(envelope);
            else if (watchers.Has(entry.Key) && store.TryRead(committed.Address, out var bytes))
                using (bytes)
                    watchers.Push(Envelopes.Of(view, InstanceRecord.Read(bytes.Span), bytes.Span, generation.Value));
    }

    /// <summary>Stages an instance. Returns what its state or index values threw: then nothing of it was staged.</summary>
    public Exception? Stage(HotInstance<TState> hot)
    {
        var instance = hot.Instance;
        int stateBytes;
        try
        {
            _index.Take(instance.State);
            // Into a buffer of its own: whether it can be written is known before anything of the instance is staged.
            _record.Clear();
            stateBytes = instance.State is null ? 0 : _states.Write(_record, instance.State);
        }
#pragma warning disable CA1031 // A state that cannot be written or indexed stops its instance, and only that.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
        hot.Applied = Spill(instance.Applied, hot.Applied);
        hot.Held = instance.Quarantine is null ? HistoryPointers.None : Spill(instance.Held, hot.Held);
        _chunk.Clear();
        InstanceRecord.WriteHead(_chunk, instance, hot.Generation, hot.Applied, hot.Held, hot.LastCheckpoint, _index.Lookups, _index.Ranks);
        var head = _chunk.Length;
        _chunk.Raw(_record.Written);
        var address = store.Put(_chunk.Written, hot.Entry.Committed?.Address);
        _published.Add(new Published(hot.Entry,
            new CommittedInstance(address, instance.Version, hot.Generation, instance.TimeTicks, instance.State is not null, instance.HeldCount)));
        _lookups.AddRange(_index.Lookups);
        _ranks.AddRange(_index.Ranks);
        if (instance.Version > hot.CommittedVersion && watchers.Has(instance.Key))
            _pushes[instance.Key] = Envelopes.Of(view, instance, Math.Max(hot.Generation, generation.Value), _chunk.Written[head..], hot.TraceParent);
        hot.CommittedVersion = instance.Version;
        hot.Dirty = false;
        hotSet.Resize(hot, InstanceLoader<TState>.BytesOf(stateBytes));
        return null;
    }

    /// <summary>Forgets what was staged, once it was committed and published.</summary>
    public void Clear()
    {
        _published.Clear();
        _lookups.Clear();
        _ranks.Clear();
        _pushes.Clear();
    }

    public void Dispose() => _states.Dispose();

    private HistoryPointers Spill(PositionList tail, HistoryPointers pointers)
    {
        if (tail.Count <= InstanceRecord.TailMax)
            return pointers;
        for (var start = 0; start < tail.Count; start += HistoryChunk.PositionsMax)
        {
            var positions = new Position[Math.Min(HistoryChunk.PositionsMax, tail.Count - start)];
            for (var i = 0; i < positions.Length; i++)
                positions[i] = tail[start + i];
            _chunk.Clear();
            HistoryChunk.Write(_chunk, pointers.LastChunk, pointers.InChunks, positions);
            pointers = new HistoryPointers(store.AppendHistory(_chunk.Written), pointers.InChunks + positions.Length);
        }
        tail.Clear();
        return pointers;
    }
}
