namespace Kappa.Log;

/// <summary>
/// Where some of a segment's frames stand: about one in <see cref="SpacingBytes"/>. It covers the segment from its start
/// up to an end that moves forward as frames are written or passed by a reader, so nothing is ever read just to build it.
/// Entries are hints: whoever follows one checks the frame that it finds. Thread-safe.
/// </summary>
internal sealed class SegmentIndex(long segmentBase)
{
    public const int SpacingBytes = 128 << 10;

    private readonly List<(long Sequence, long Offset)> _entries = [(segmentBase, 0)];
    private long _endSequence = segmentBase;
    private long _endOffset;

    /// <summary>Takes note of a frame; only the one that stands at the covered end moves it.</summary>
    public void Passed(in FrameHeader frame, long offset)
    {
        if (offset != Volatile.Read(ref _endOffset))
            return;
        lock (_entries)
        {
            if (offset != _endOffset)
                return;
            if (offset - _entries[^1].Offset >= SpacingBytes)
                _entries.Add((frame.Base, offset));
            _endSequence = frame.Next;
            Volatile.Write(ref _endOffset, offset + frame.FrameBytes);
        }
    }

    /// <summary>
    /// Takes the end back to where a sequence begins, as what stood behind it is cut off: an entry that stayed would point
    /// into whatever is written there next.
    /// </summary>
    public void CutTo(long sequence, long offset)
    {
        lock (_entries)
        {
            _entries.RemoveAll(entry => entry.Offset > 0 && entry.Offset >= offset);
            _endSequence = sequence;
            Volatile.Write(ref _endOffset, offset);
        }
    }

    /// <summary>The offset of the closest known frame that begins at or before a sequence.</summary>
    public long Floor(long sequence)
    {
        lock (_entries)
        {
            if (sequence >= _endSequence)
                return _endOffset;
            int low = 0, high = _entries.Count - 1;
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                if (_entries[middle].Sequence <= sequence)
                    low = middle;
                else
                    high = middle - 1;
            }
            return _entries[low].Offset;
        }
    }
}
