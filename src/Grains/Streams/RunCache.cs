using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;
using Orleans.Streams;

namespace Kappa.Grains.Streams;

/// <summary>
/// Runs that wait for their grains, by stream: a cursor sees those of its own stream only, so that thousands of streams cost no more than what
/// is waiting. Bounded; while it is full nothing more is read. What nobody has fetched for a while is dropped: the auditor brings it.
/// Used by one pulling agent, one call at a time.
/// </summary>
internal sealed class RunCache(TimeProvider time) : IQueueCache
{
    private const int RunsMax = 16_384;

    private static readonly TimeSpan _age = TimeSpan.FromSeconds(30);

    private readonly Dictionary<StreamId, LinkedList<Waiting>> _streams = [];
    private readonly Queue<(StreamId Stream, LinkedListNode<Waiting> Node)> _order = [];
    private int _count;

    /// <summary>How many runs it keeps track of, for its bound.</summary>
    public int Tracked => _order.Count;

    public int GetMaxAddCount() => Math.Max(0, RunsMax - _count);

    public bool IsUnderPressure() => _count >= RunsMax;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        var now = time.GetTimestamp();
        foreach (var message in messages)
        {
            if (!_streams.TryGetValue(message.StreamId, out var stream))
                _streams[message.StreamId] = stream = new LinkedList<Waiting>();
            _order.Enqueue((message.StreamId, stream.AddLast(new Waiting(message, now))));
            _count++;
        }
    }

    public bool TryPurgeFromCache([MaybeNullWhen(false)] out IList<IBatchContainer> purgedItems)
    {
        purgedItems = null;
        while (_order.TryPeek(out var oldest) && (oldest.Node.List is null || time.GetElapsedTime(oldest.Node.Value.Since) > _age))
        {
            _order.Dequeue();
            if (oldest.Node.List is not null)
                Remove(oldest.Stream, oldest.Node);
        }
        // Behind one that waits long, those that were fetched must not pile up.
        if (_order.Count > 2 * RunsMax)
        {
            var waiting = _order.Where(run => run.Node.List is not null).ToList();
            _order.Clear();
            foreach (var run in waiting)
                _order.Enqueue(run);
        }
        return false;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) => new Cursor(this, streamId);

    private void Remove(StreamId stream, LinkedListNode<Waiting> node)
    {
        var list = node.List!;
        list.Remove(node);
        node.Value = default;
        _count--;
        if (list.Count == 0)
            _streams.Remove(stream);
    }

    private readonly record struct Waiting(IBatchContainer Batch, long Since);

    /// <summary>Takes the runs of one stream out, one by one.</summary>
    private sealed class Cursor(RunCache cache, StreamId stream) : IQueueCacheCursor
    {
        private IBatchContainer? _current;

        public IBatchContainer? GetCurrent(out Exception? exception)
        {
            exception = null;
            return _current;
        }

        public bool MoveNext()
        {
            _current = null;
            if (!cache._streams.TryGetValue(stream, out var waiting))
                return false;
            var node = waiting.First!;
            _current = node.Value.Batch;
            cache.Remove(stream, node);
            return true;
        }

        public void Refresh(StreamSequenceToken token)
        {
            // Always at the oldest that waits.
        }

        public void RecordDeliveryFailure()
        {
            // The auditor makes up for it.
        }

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
