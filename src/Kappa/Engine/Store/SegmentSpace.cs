using System.Collections.Concurrent;

namespace Kappa.Engine.Store;

/// <summary>
/// Counts live and total bytes, so that what to clean is known without looking into files. For the writer's thread,
/// but for the totals.
/// </summary>
internal sealed class SegmentSpace
{
    private readonly ShardStoreOptions _options;
    private readonly List<Segment> _exhausted = [];
    private long _state, _live, _sealed;

    public SegmentSpace(ShardStoreOptions options, IEnumerable<Segment> segments, Segment? active)
    {
        _options = options;
        foreach (var segment in segments)
        {
            _state += segment.Length;
            _live += segment.LiveBytes;
            _sealed += segment.RetiredBy == 0 && segment != active ? segment.Length : 0;
        }
    }

    /// <summary>Bytes of all state files, those that wait for deletion included.</summary>
    public long StateBytes => Volatile.Read(ref _state);

    public long LiveBytes => Volatile.Read(ref _live);

    /// <summary>Cleaned through; the next commit says so.</summary>
    public IReadOnlyList<Segment> Exhausted => _exhausted;

    public void Added(Segment segment, StoreAddress address)
    {
        segment.LiveBytes += RecordFrame.BytesOf(address);
        Volatile.Write(ref _live, _live + RecordFrame.BytesOf(address));
    }

    public void Replaced(Segment segment, StoreAddress address)
    {
        segment.LiveBytes -= RecordFrame.BytesOf(address);
        Volatile.Write(ref _live, _live - RecordFrame.BytesOf(address));
    }

    public void Committed(long frameLength)
    {
        Volatile.Write(ref _state, _state + frameLength);
        _exhausted.Clear();
    }

    public void Sealed(Segment segment) => _sealed += segment.Length;

    public void Retire(Segment segment)
    {
        _sealed -= segment.Length;
        _exhausted.Add(segment);
    }

    public void Deleted(Segment segment) => Volatile.Write(ref _state, _state - segment.Length);

    /// <summary>The sealed segment with the largest share of garbage, if there is too much of it in all of them together.</summary>
    public Segment? Choose(Segment active, ConcurrentDictionary<int, Segment> segments)
    {
        var garbage = _sealed - (_live - active.LiveBytes);
        if (garbage < _options.GarbageBytesMin || garbage * 100 <= _sealed * _options.GarbagePercentMax)
            return null;
        Segment? best = null;
        foreach (var (_, segment) in segments)
            if (segment != active && segment.RetiredBy == 0 && !_exhausted.Contains(segment)
                && (best is null || LiveShare(segment) < LiveShare(best)))
                best = segment;
        return best;

        static double LiveShare(Segment segment) => (double)segment.LiveBytes / segment.Length;
    }
}
