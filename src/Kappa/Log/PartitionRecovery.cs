namespace Kappa.Log;

/// <summary>
/// Opens one partition: passes over what was retired, checks that its segments follow one another, walks the last one, cuts a
/// torn tail, and stops the partition if what is missing had been acknowledged.
/// </summary>
internal sealed class PartitionRecovery(IDisk disk, string directory, int partition, uint seed, CleanEnd? clean, RetiredStart? retired, SegmentFiles files)
{
    /// <summary>The partition, ready or stopped.</summary>
    public PartitionLog Log { get; private set; } = null!;

    /// <summary>What was cut; null if nothing was.</summary>
    public RecoveryReport? Report { get; private set; }

    public uint LastCrc { get; private set; }
    public long LastTicks { get; private set; }

    public PartitionRecovery Run()
    {
        var start = retired ?? new RetiredStart(partition, 0, 0, 0);
        (LastCrc, LastTicks) = (start.Crc, start.Ticks);
        var segments = Segment.Bases(disk, directory).Where(found => found >= start.First).Select(found => new Segment(disk, directory, found, files)).ToArray();
        if (segments is not [var first, ..] || first.Base != start.First)
            return Stop(segments, start.First, Path.Combine(directory, Segment.NameOf(start.First)), 0, "the file is missing");
        for (var i = 0; i + 1 < segments.Length; i++)
            if (!Continues(segments[i], segments[i + 1]))
                return this;
        return Tail(segments);

        bool Continues(Segment segment, Segment following)
        {
            var scan = new SegmentScan(segment, partition, seed);
            segment.Length = scan.FileBytes;
            // Of several frames that may be the last one, as data may look like a frame, it is the one that the next file
            // continues; if it continues none, its first frame is what is damaged, and that is found when it is read.
            if (scan.TryLastFrame(following.Base, PreviousCrc(following), out var last) || scan.TryLastFrame(following.Base, null, out last))
                (LastCrc, LastTicks) = (last.Crc, last.Ticks);
            else
                Stop(segments, segment.Base, segment.Path, scan.FileBytes,
                    $"it does not end with a whole frame before sequence {following.Base}, with which the next file begins");
            // There may be more segments than a process may open files.
            segment.TryClose();
            segment.Seal(LastCrc, LastTicks);
            return Log is null;
        }
    }

    /// <summary>The CRC that a segment names as that of the frame before it; null if it has no frame yet.</summary>
    private static uint? PreviousCrc(Segment segment)
    {
        Span<byte> bytes = stackalloc byte[FrameHeader.Bytes];
        return FrameHeader.TryRead(bytes[..segment.File.Read(0, bytes)], out var first) ? first.PreviousCrc : null;
    }

    private PartitionRecovery Tail(Segment[] segments)
    {
        var segment = segments[^1];
        var scan = new SegmentScan(segment, partition, seed);
        scan.Walk(LastCrc, LastTicks);
        var end = IsClosedBeforeItsFirstFrame(segments, scan) ? null : clean;
        segment.Length = scan.End;
        // The walk passed the whole frames of an incomplete group, too.
        segment.Index.CutTo(scan.Next, scan.End);
        if (end is not null && (end.Segment != segment.Base || end.Bytes != scan.FileBytes || end.Next != scan.Next || scan.Flaw is not null))
            return Stop(segments, scan.Next, segment.Path, scan.End,
                $"{scan.Flaw ?? "the file was changed"}, though the log had been closed with {end.Bytes} bytes in {Segment.NameOf(end.Segment)}, before sequence {end.Next}");
        if (scan.Flaw is not null && scan.FlawHasFlushedSuccessor())
            return Stop(segments, scan.Next, segment.Path, scan.End, $"{scan.Flaw}, but later events, which were acknowledged after it, are there");
        if (scan.Flaw is not null)
        {
            segment.File.SetLength(scan.End);
            Report = new RecoveryReport(partition, scan.FileBytes - scan.End,
                $"cut {scan.FileBytes - scan.End} bytes of an unfinished write off {segment.Path} at offset {scan.End}: {scan.Flaw}");
        }
        // What is served from now on, and what later groups call flushed, must be.
        if (end is null)
        {
            segment.File.Flush();
            disk.FlushDirectory(directory);
        }
        (LastCrc, LastTicks) = (scan.LastCrc, scan.LastTicks);
        Log = new PartitionLog(partition, directory, seed, segments, scan.Next, files);
        return this;
    }

    /// <summary>
    /// True if the last file is empty and the log was closed in the one before: beginning it failed after it was made. It
    /// stays the last one, and its directory entry is flushed like after a crash.
    /// </summary>
    private bool IsClosedBeforeItsFirstFrame(Segment[] segments, SegmentScan last) =>
        last.FileBytes == 0 && segments is [.., var before, var empty]
        && clean == new CleanEnd(partition, before.Base, before.Length, empty.Base);

    private PartitionRecovery Stop(Segment[] segments, long next, string path, long offset, string what)
    {
        Log = PartitionLog.Stopped(partition, directory, PartitionLog.Describe(partition, path, offset, what), segments, next, files);
        return this;
    }
}
