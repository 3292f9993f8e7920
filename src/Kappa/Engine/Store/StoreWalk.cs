using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>
/// Opens what a store left on the disk. Takes the longest run of commits that are whole, follow each other and, where
/// they may not have been flushed, have their history. What stands behind it is a tail that was never flushed, and is
/// cut; unless a surviving frame says that it had been flushed: then it is damage, and nothing is served.
/// </summary>
internal sealed class StoreWalk(IDisk disk, string directory, HistoryFile history, IStoreRecovery recovery) : IDisposable
{
    private const int WindowBytes = 1 << 20;

    private readonly FileWindow _history = new(history.File, WindowBytes);
    private readonly Dictionary<int, long> _retiredBy = [];
    private Dictionary<int, SealedSegment> _needed = [];
    private long _neededSince, _records;
    private (string Path, long Offset, string What)? _stop;

    public SortedDictionary<int, Segment> Segments { get; } = [];

    /// <summary>The segment with the last commit; null if there is none.</summary>
    public Segment? Last { get; private set; }

    public long Commit { get; private set; }

    public uint Crc { get; private set; }

    public Cut Watermark { get; private set; } = Cut.Zero;

    /// <summary>The last commit of which a surviving frame says that it was flushed.</summary>
    public long Flushed { get; private set; }

    public StoreRecovered Run()
    {
        foreach (var number in Segment.NumbersIn(disk, directory))
            Segments.Add(number, new Segment(directory, number));
        foreach (var segment in Segments.Values)
            segment.File = disk.Open(segment.Path);

        Flushed = LastKnownFlushed();
        foreach (var segment in Segments.Values)
            if (!Take(segment))
                break;

        if (Commit < Flushed)
        {
            var (path, offset, what) = _stop ?? (Last?.Path ?? directory, Last?.Length ?? 0, "commits are missing");
            throw new StoreCorruptException(path, offset, $"{what} (commit {Commit + 1} or later; up to {Flushed} all had been flushed)");
        }
        if (history.File.Length < history.End)
            throw new StoreCorruptException(history.Path, history.File.Length, $"the file ends before byte {history.End}");
        CheckSegments();
        return CutTail();
    }

    /// <summary>
    /// Looks for frame heads in the highest file that has any, past damage too. What a head says of flushes is true even
    /// if the rest of its frame is torn: it was written after the flush.
    /// </summary>
    private long LastKnownFlushed()
    {
        foreach (var segment in Segments.Values.Reverse())
        {
            var flushed = -1L;
            using var window = new FileWindow(segment.File!, WindowBytes);
            var length = segment.File!.Length;
            for (var at = 0L; at + FrameHeader.Bytes <= length;)
            {
                var count = (int)Math.Min(WindowBytes, length - at);
                if (!window.TryRead(at, count, out var bytes))
                    break;
                var next = 0;
                for (int found; (found = bytes[next..^(FrameHeader.Bytes - FrameHeader.Magic.Length)].IndexOf(FrameHeader.Magic)) >= 0;)
                {
                    next += found;
                    if (FrameHeader.TryRead(bytes[next..], segment.Number, at + next, out var header))
                        flushed = Math.Max(flushed, header.FlushedCommit);
                    next++;
                }
                at += count - (FrameHeader.Bytes - 1);
            }
            if (flushed >= 0)
                return flushed;
        }
        return 0;
    }

    private bool Take(Segment segment)
    {
        using var window = new FileWindow(segment.File!, WindowBytes);
        while (segment.Length < segment.File!.Length)
        {
            var offset = segment.Length;
            if (!window.TryRead(offset, FrameHeader.Bytes, out var bytes) || !FrameHeader.TryRead(bytes, segment.Number, offset, out var header))
                return !bytes.IsEmpty && FrameHeader.IsOtherFormat(bytes)
                    ? throw new StoreCorruptException(segment.Path, offset, "it was written in another format")
                    : Stop(segment, "no commit starts here");
            if (!Follows(header))
                return Stop(segment, $"commit {header.Commit} does not follow commit {Commit}");
            if (!window.TryRead(offset, (int)header.FrameLength, out var frame) || !FrameHeader.IsWhole(frame, out var crc))
                return Stop(segment, $"the checksum of commit {header.Commit} does not fit");
            // A flushed commit's history was flushed before it; its chunks are checked one by one when they are read.
            if (header.Commit > Flushed && !HistoryFile.IsWhole(_history, header))
                return Stop(segment, $"commit {header.Commit} has no whole history");
            Take(segment, header, frame, crc);
        }
        return true;
    }

    private bool Stop(Segment segment, string what)
    {
        _stop = (segment.Path, segment.Length, what);
        return false;
    }

    /// <summary>
    /// Commits may be missing between two segments: cleaning deletes segments, but only once the commit that allowed
    /// it is known to be flushed. Whether exactly those are missing is checked at the end.
    /// </summary>
    private bool Follows(in FrameHeader header) =>
        header.Commit == Commit + 1 ? header.PreviousCrc == Crc
        : header.Offset == 0 && header.Commit > Commit && header.Commit - 1 <= Flushed;

    private void Take(Segment segment, in FrameHeader header, ReadOnlySpan<byte> frame, uint crc)
    {
        var recordsEnd = FrameHeader.Bytes + header.RecordsLength;
        for (var at = FrameHeader.Bytes; at < recordsEnd; _records++)
        {
            var address = new StoreAddress(segment.Number, header.Offset + at, RecordFrame.LengthIn(frame[at..]));
            var replaced = recovery.Recovered(frame.Slice(at + RecordFrame.Overhead, address.Length), address);
            segment.LiveBytes += RecordFrame.BytesOf(address);
            if (replaced is { } old)
                Segments[old.Segment].LiveBytes -= RecordFrame.BytesOf(old);
            at += RecordFrame.Overhead + address.Length;
        }

        var trailer = FrameTrailer.Read(frame[recordsEnd..]);
        if (header.Offset == 0)
            (_needed, _neededSince) = (trailer.Needed.ToDictionary(s => s.Number), header.Commit);
        foreach (var number in trailer.Retired)
        {
            _needed.Remove(number);
            _retiredBy[number] = header.Commit;
        }
        segment.Length += header.FrameLength;
        (segment.LastCommit, segment.LastCrc) = (header.Commit, crc);
        (Last, Commit, Crc, Watermark, history.End) = (segment, header.Commit, crc, trailer.Watermark, header.HistoryEnd);
    }

    /// <summary>Every segment that the last commit needs must be there as it was sealed; others are left over.</summary>
    private void CheckSegments()
    {
        foreach (var needed in _needed.Values)
            if (!Segments.TryGetValue(needed.Number, out var segment) || segment.Sealed != needed)
                throw new StoreCorruptException(new Segment(directory, needed.Number).Path, segment?.Length ?? 0,
                    segment is null ? "the file is missing" : "the file is not as it was sealed");

        foreach (var segment in Segments.Values.Where(s => s.Number < Last?.Number && !_needed.ContainsKey(s.Number)))
        {
            segment.RetiredBy = _retiredBy.GetValueOrDefault(segment.Number, _neededSince);
            if (segment.LiveBytes != 0)
                throw new StoreCorruptException(segment.Path, 0, "a retired segment holds records without a later version");
        }
    }

    private StoreRecovered CutTail()
    {
        long stateCut = 0, historyCut = history.File.Length - history.End;
        var tail = Segments.Values.Where(s => Last is null || s.Number > Last.Number).Reverse().ToList();
        foreach (var segment in tail)
        {
            stateCut += segment.File!.Length;
            segment.TryClose();
            disk.Delete(segment.Path);
            Segments.Remove(segment.Number);
        }
        if (Last is not null && Last.File!.Length > Last.Length)
        {
            stateCut += Last.File.Length - Last.Length;
            Last.File.SetLength(Last.Length);
        }
        if (historyCut > 0)
            history.File.SetLength(history.End);

        // Made durable before anything new is written: old bytes must not come back behind new ones.
        if (historyCut > 0)
            history.File.Flush();
        if (stateCut > 0)
            Last?.File!.Flush();
        if (tail.Count > 0)
            disk.FlushDirectory(directory);
        return new StoreRecovered(Commit, _records, stateCut, historyCut);
    }

    public void Dispose() => _history.Dispose();
}
