namespace Kappa.Log;

/// <summary>
/// Bounds how many sealed segments of a log are open at once: those that were not read for longest are closed. (Each
/// partition's last segment stays open besides.) Thread-safe.
/// </summary>
internal sealed class SegmentFiles(int openMax)
{
    public const int OpenMaxDefault = 64;

    private readonly Lock _lock = new();
    private readonly List<Segment> _open = [];
    private long _clock;

    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    public long Tick() => Interlocked.Increment(ref _clock);

    /// <summary>Takes note of a segment that has just been opened; called without any segment's lock.</summary>
    public void Opened(Segment segment)
    {
        lock (_lock)
        {
            if (!_open.Contains(segment))
                _open.Add(segment);
            if (_open.Count <= openMax)
                return;
            foreach (var idle in _open.OrderBy(one => one.LastRead).Take(_open.Count - openMax).ToArray())
                if (idle != segment && idle.TryClose())
                    _open.Remove(idle);
        }
    }

    public void Closed(Segment segment)
    {
        lock (_lock)
            _open.Remove(segment);
    }
}
