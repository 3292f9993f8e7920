using System.Buffers;
using System.Buffers.Binary;
using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// Reads pages of one partition: whole frames into a pooled buffer, each checked before any of its events is handed out.
/// Thread-safe.
/// </summary>
internal sealed class PartitionReader(PartitionLog log)
{
    private const int PageBytesMax = 16 << 20;
    private const int LocateBytes = 4 << 10;

    // Where recent reads ended, so that whoever reads on begins there at once. Direct-mapped: a lost hint costs a search.
    private readonly Hint?[] _hints = new Hint?[32];

    /// <param name="fromFrameStart">Hand out the first frame's events before <paramref name="from"/> too.</param>
    public LogPage Read(long from, int bytesMax, bool fromFrameStart = false)
    {
        if (log.Unreadable)
            log.ThrowIfStopped();
        var next = log.Next;
        ArgumentOutOfRangeException.ThrowIfLessThan(from, log.First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, next);
        if (from == next)
            return LogPage.Empty(next);
        var segment = log.SegmentOf(from, out var following);
        var end = Math.Min(next, following?.Base ?? long.MaxValue);
        try
        {
            if (segment.Base > from)
                throw new SegmentRetiredException(segment.Path);
            var (offset, frameBytes) = _hints[from & 31] is { } hint && hint.Sequence == from && hint.Segment == segment
                ? (hint.Offset, FrameHeader.FrameBytesMax)
                : Locate(segment, from);
            return ReadFrames(segment, offset, frameBytes, from, end, Math.Clamp(bytesMax, 1, PageBytesMax), fromFrameStart);
        }
        catch (SegmentRetiredException)
        {
            throw new ArgumentOutOfRangeException(nameof(from), from, $"Partition {log.Partition} of the log now begins with sequence {log.First}.");
        }
    }

    /// <param name="frameBytes">How long the first frame probably is.</param>
    private LogPage ReadFrames(Segment segment, long offset, int frameBytes, long from, long end, int bytesMax, bool fromFrameStart)
    {
        var available = segment.Length - offset;
        var size = (int)Math.Min(Math.Max(bytesMax, frameBytes), available);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            Fill(segment, offset, buffer.AsSpan(0, size));
            var first = Header(segment, offset, buffer.AsSpan(0, size));
            if (first.FrameBytes > size)
            {
                if (first.FrameBytes > available)
                    throw log.Damaged(segment, offset, "a frame reaches beyond the end of the file");
                var larger = ArrayPool<byte>.Shared.Rent(first.FrameBytes); // Before the return: if it fails, the old one is given back below.
                ArrayPool<byte>.Shared.Return(buffer);
                (buffer, size) = (larger, first.FrameBytes);
                Fill(segment, offset, buffer.AsSpan(0, size));
            }
            if (first.Base > from || first.Next <= from)
                throw log.Damaged(segment, offset, $"here stand the sequences {first.Base} to {first.Next - 1} instead of {from}");
            var used = Check(segment, offset, buffer.AsSpan(0, size), first.Base, end, bytesMax, out var next);
            var skip = fromFrameStart ? 0 : (int)(from - first.Base);
            var page = Page(segment, offset, buffer, used, (int)(next - first.Base) - skip, skip, next);
            _hints[next & 31] = new Hint(next, segment, offset + used);
            return page;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>Checks the whole frames from the buffer's start and returns how many bytes they take.</summary>
    private int Check(Segment segment, long offset, ReadOnlySpan<byte> bytes, long expected, long end, int bytesMax, out long next)
    {
        var used = 0;
        next = expected;
        while (next < end && bytes.Length - used >= FrameHeader.Bytes)
        {
            var frame = Header(segment, offset + used, bytes[used..]);
            if (used > 0 && used + frame.FrameBytes > bytesMax || frame.FrameBytes > bytes.Length - used)
                break;
            if (!frame.IsIntact(bytes[used..], log.Seed))
                throw log.Damaged(segment, offset + used, "the checksum of a frame does not match its bytes");
            if (frame.Base != next)
                throw log.Damaged(segment, offset + used, $"a frame begins with sequence {frame.Base} instead of {next}");
            segment.Index.Passed(frame, offset + used);
            next = frame.Next;
            used += frame.FrameBytes;
        }
        if (used == 0)
            throw log.Damaged(segment, offset, $"the file ends before sequence {next}");
        return used;
    }

    private LogPage Page(Segment segment, long offset, byte[] buffer, int used, int count, int skip, long next)
    {
        var events = ArrayPool<RecordedEvent>.Shared.Rent(count);
        var filled = 0;
        for (var at = 0; at < used;)
        {
            FrameHeader.TryRead(buffer.AsSpan(at), out var frame);
            var record = at + FrameHeader.Bytes;
            var frameEnd = at + frame.FrameBytes;
            for (var i = 0; i < frame.Count; i++)
            {
                var length = frameEnd - record < sizeof(uint) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(record));
                record += sizeof(uint);
                if (length < 0 || length > frameEnd - record)
                    throw log.Damaged(segment, offset + at, "an event reaches beyond the end of its frame");
                if (skip-- <= 0)
                    events[filled++] = new RecordedEvent(buffer.AsMemory(record, length), new Position(log.Partition, frame.Base + i), frame.Ticks);
                record += length;
            }
            at = frameEnd;
        }
        return new LogPage(buffer, events, filled, next);
    }

    /// <summary>
    /// Finds the frame that holds a sequence, and its length: from the index's closest one, from header to header. Of large
    /// frames little more than the headers is read; where they are small, many are read at once.
    /// </summary>
    private (long Offset, int FrameBytes) Locate(Segment segment, long sequence)
    {
        var offset = segment.Index.Floor(sequence);
        var buffer = ArrayPool<byte>.Shared.Rent(FrameHeader.FrameBytesMax);
        try
        {
            long chunk = 0;
            var (size, wanted, passed) = (0, LocateBytes, 0);
            while (true)
            {
                if (offset - chunk > size - FrameHeader.Bytes)
                {
                    wanted = passed > 4 ? Math.Min(wanted * 4, FrameHeader.FrameBytesMax) : LocateBytes;
                    (chunk, passed) = (offset, 0);
                    size = (int)Math.Min(wanted, segment.Length - offset);
                    if (size <= 0)
                        throw log.Damaged(segment, segment.Length, $"the file ends before sequence {sequence}");
                    Fill(segment, offset, buffer.AsSpan(0, size));
                }
                var frame = Header(segment, offset, buffer.AsSpan((int)(offset - chunk), size - (int)(offset - chunk)));
                if (frame.Next > sequence)
                    return (offset, frame.FrameBytes);
                segment.Index.Passed(frame, offset);
                offset += frame.FrameBytes;
                passed++;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private FrameHeader Header(Segment segment, long offset, ReadOnlySpan<byte> bytes) =>
        FrameHeader.TryRead(bytes, out var frame) && frame.Partition == log.Partition
            ? frame
            : throw log.Damaged(segment, offset, "here is no frame of this partition");

    private void Fill(Segment segment, long offset, Span<byte> buffer)
    {
        if (segment.Read(offset, buffer) < buffer.Length)
            throw log.Damaged(segment, offset, "the file is shorter than it was");
    }

    private sealed record Hint(long Sequence, Segment Segment, long Offset);
}
