using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// Walks a segment frame by frame when a log is opened, and finds where its last complete group ends. Reads through
/// a window of the file, so that memory stays bounded by the largest frame.
/// </summary>
internal sealed class SegmentScan(Segment segment, int partition, uint seed)
{
    private const int WindowBytes = 1 << 20;
    private const int EventBytesMin = sizeof(uint) + EventRecord.HeaderBytes;

    private readonly long _length = segment.File.Length;
    private byte[] _window = new byte[WindowBytes];
    private long _windowAt;
    private int _windowBytes;

    public long FileBytes => _length;

    /// <summary>Where the last complete group ends: everything before is sound.</summary>
    public long End { get; private set; }
    public long Next { get; private set; } = segment.Base;
    public uint LastCrc { get; private set; }
    public long LastTicks { get; private set; }

    /// <summary>What is wrong behind <see cref="End"/>; null if nothing stands there.</summary>
    public string? Flaw { get; private set; }

    /// <summary>Walks from the start, where the frame before (of the preceding segment) had this CRC and append time.</summary>
    public void Walk(uint previousCrc, long previousTicks)
    {
        (LastCrc, LastTicks) = (previousCrc, previousTicks);
        var (offset, next, crc, group) = (0L, segment.Base, previousCrc, segment.Base);
        while (offset < _length)
        {
            Flaw = Whole(offset, out var frame)
                ?? (frame.Base != next || frame.PreviousCrc != crc || frame.GroupBase != group ? "a frame does not continue the one before" : null)
                ?? (frame.Ticks < LastTicks ? "a frame is older than the one before" : null);
            if (Flaw is not null)
                return;
            segment.Index.Passed(frame, offset);
            (offset, next, crc) = (offset + frame.FrameBytes, frame.Next, frame.Crc);
            if (!frame.IsLastOfGroup)
                continue;
            (End, Next, LastCrc, LastTicks, group) = (offset, next, crc, frame.Ticks, next);
        }
        if (End < _length)
            Flaw = "the last write is incomplete";
    }

    /// <summary>
    /// Looks behind the flaw for proof that what is missing had been flushed: a frame, sound in itself, of a group that
    /// begins later than the one that is missing and says so.
    /// </summary>
    public bool FlawHasFlushedSuccessor()
    {
        for (var offset = End; offset < _length;)
        {
            var bytes = Window(offset, FrameHeader.Bytes);
            var found = bytes.IndexOf(FrameHeader.Magic);
            if (found != 0)
            {
                // The magic may straddle the window's end: keep its last three bytes.
                offset += found > 0 ? found : Math.Max(1, bytes.Length - 3);
                continue;
            }
            // Between the two groups there must be room for the events that are missing, lest data that looks like a frame do.
            if (FrameHeader.TryRead(bytes, out var frame) && frame.GroupBase > Next && frame.GroupBase - Next <= (offset - End) / EventBytesMin
                && frame.IsPriorFlushed && Whole(offset, out _) is null)
                return true;
            offset++;
        }
        return false;
    }

    /// <summary>
    /// The frame that ends exactly at the end of the file, before a sequence, and with a CRC if that is known; false if
    /// there is none.
    /// </summary>
    public bool TryLastFrame(long next, uint? crc, out FrameHeader last)
    {
        for (var reach = (long)FrameHeader.FrameBytesMax; ; reach *= 4)
        {
            var from = Math.Max(0, _length - reach);
            var bytes = Window(from, (int)Math.Min(_length - from, Array.MaxLength));
            for (var end = bytes.Length; bytes[..end].LastIndexOf(FrameHeader.Magic) is >= 0 and var at; end = at + 3)
                if (FrameHeader.TryRead(bytes[at..], out last) && at + last.FrameBytes == bytes.Length && last.IsLastOfGroup
                    && last.Partition == partition && last.Next == next && (crc ?? last.Crc) == last.Crc && last.IsIntact(bytes[at..], seed))
                    return true;
            if (from == 0)
                break;
        }
        last = default;
        return false;
    }

    /// <summary>Null if a whole and sound frame stands at an offset, else what is wrong.</summary>
    private string? Whole(long offset, out FrameHeader frame)
    {
        if (!FrameHeader.TryRead(Window(offset, FrameHeader.Bytes), out frame))
            return "no frame begins here";
        if (frame.Partition != partition)
            return $"a frame of partition {frame.Partition} stands here";
        if (frame.FrameBytes > _length - offset)
            return "a frame reaches beyond the end of the file";
        return frame.IsIntact(Window(offset, frame.FrameBytes), seed) ? null : "the checksum of a frame does not match its bytes";
    }

    /// <summary>The file's bytes from an offset on: at least so many, if the file has them.</summary>
    private ReadOnlySpan<byte> Window(long offset, int bytes)
    {
        bytes = (int)Math.Min(bytes, _length - offset);
        if (offset < _windowAt || offset + bytes > _windowAt + _windowBytes)
        {
            if (_window.Length < bytes)
                _window = new byte[bytes];
            _windowAt = offset;
            _windowBytes = segment.File.Read(offset, _window);
        }
        return _window.AsSpan((int)(offset - _windowAt), (int)(_windowAt + _windowBytes - offset));
    }
}
