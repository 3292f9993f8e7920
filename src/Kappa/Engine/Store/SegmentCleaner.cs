namespace Kappa.Engine.Store;

/// <summary>Walks once through a sealed segment, in slices, and stages again what is still live in it.</summary>
internal sealed class SegmentCleaner(ShardStore store, Segment victim) : IDisposable
{
    private const int WindowBytes = 256 << 10;

    private readonly FileWindow _window = new(victim.File!, WindowBytes);
    private long _at, _recordsEnd, _frameEnd;

    public Segment Victim => victim;

    /// <summary>Deals with about <paramref name="bytesMax"/> bytes, at least one record; true when the segment is done.</summary>
    public bool Step(int bytesMax, IStoreCleaning cleaning)
    {
        for (var end = _at + Math.Max(1, bytesMax); _at < end && _at < victim.Length;)
            if (_at == _frameEnd)
                EnterFrame();
            else if (_at == _recordsEnd)
                _at = _frameEnd;
            else
                TakeRecord(cleaning);
        return _at >= victim.Length;
    }

    private void EnterFrame()
    {
        if (!_window.TryRead(_at, FrameHeader.Bytes, out var bytes) || !FrameHeader.TryRead(bytes, victim.Number, _at, out var header))
            throw new StoreCorruptException(victim.Path, _at, "no commit starts here");
        _frameEnd = _at + header.FrameLength;
        _at += FrameHeader.Bytes;
        _recordsEnd = _at + header.RecordsLength;
    }

    private void TakeRecord(IStoreCleaning cleaning)
    {
        var length = _window.TryRead(_at, RecordFrame.Overhead, out var head) ? RecordFrame.LengthIn(head) : -1;
        if (length < 0 || length > _recordsEnd - _at - RecordFrame.Overhead
            || !_window.TryRead(_at, RecordFrame.Overhead + length, out var frame) || !RecordFrame.IsWhole(frame))
            throw new StoreCorruptException(victim.Path, _at, "a record's checksum does not fit");

        var record = frame[RecordFrame.Overhead..];
        var address = new StoreAddress(victim.Number, _at, length);
        if (cleaning.Current(record) == address)
            cleaning.Moved(record, store.Put(record, address));
        _at += frame.Length;
    }

    public void Dispose() => _window.Dispose();
}
