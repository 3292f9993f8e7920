namespace Kappa.Log;

/// <summary>
/// What readers and the writer of one partition share: its segments, where it ends, and whether it stopped. One thread
/// publishes; any number read.
/// </summary>
internal sealed class PartitionLog : IDisposable
{
    private readonly Lock _changing = new();
    private volatile Segment[] _segments;
    private string? _problem;

    public PartitionLog(int partition, string directory, uint seed, Segment[] segments, long next, SegmentFiles files)
    {
        (Partition, Directory, Seed, _segments, Files) = (partition, directory, seed, segments, files);
        Tail = new TailSignal(next);
    }

    public int Partition { get; }
    public string Directory { get; }
    public uint Seed { get; }
    public TailSignal Tail { get; }
    public SegmentFiles Files { get; }

    public long First => _segments is [var first, ..] ? first.Base : 0;
    public long Next => Tail.Next;
    public Segment Active => _segments[^1];

    /// <summary>The segments that nothing is written to any more, in order, each with the sequence behind it.</summary>
    public IReadOnlyList<(Segment Segment, long Next)> Sealed
    {
        get
        {
            var segments = _segments;
            return [.. segments.Take(segments.Length - 1).Select((segment, i) => (segment, segments[i + 1].Base))];
        }
    }

    /// <summary>Why the partition stopped; null while it works.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>True if the partition was found damaged when it was opened: then nobody can tell which of its events are all of them.</summary>
    public bool Unreadable { get; private init; }

    public static PartitionLog Stopped(int partition, string directory, string problem, Segment[] segments, long next, SegmentFiles files)
    {
        var log = new PartitionLog(partition, directory, 0, segments, next, files) { Unreadable = true };
        log.Stop(problem);
        return log;
    }

    /// <summary>The segment that holds a sequence between <see cref="First"/> and <see cref="Next"/>.</summary>
    public Segment SegmentOf(long sequence, out Segment? following)
    {
        var segments = _segments;
        int low = 0, high = segments.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (segments[middle].Base <= sequence)
                low = middle;
            else
                high = middle - 1;
        }
        following = low + 1 < segments.Length ? segments[low + 1] : null;
        return segments[low];
    }

    /// <summary>Adds a new, empty segment behind the others. Called by the writer only.</summary>
    public void Add(Segment segment)
    {
        lock (_changing)
            _segments = [.. _segments, segment];
    }

    /// <summary>Takes the segments before the one that begins with a sequence away from readers, and returns them.</summary>
    public Segment[] Retire(long first)
    {
        Segment[] retired;
        lock (_changing)
        {
            retired = [.. _segments.Where(segment => segment.Base < first)];
            _segments = _segments[retired.Length..];
        }
        foreach (var segment in retired)
            segment.Retire();
        return retired;
    }

    /// <summary>About how many bytes stand from a sequence on to the end.</summary>
    public long BytesFrom(long sequence)
    {
        var bytes = 0L;
        foreach (var segment in _segments)
            if (segment.Base > sequence)
                bytes += segment.Length;
        var holder = SegmentOf(sequence, out _);
        return bytes + Math.Max(0, holder.Length - holder.Index.Floor(sequence));
    }

    /// <summary>Makes a written (and, as the policy wants, flushed) group visible.</summary>
    public void Publish(GroupWriter group)
    {
        var segment = Active;
        var offset = segment.Length;
        for (var rest = group.Bytes; FrameHeader.TryRead(rest, out var frame); rest = rest[frame.FrameBytes..])
        {
            segment.Index.Passed(frame, offset);
            offset += frame.FrameBytes;
        }
        segment.Length = offset;
        Tail.Publish(group.Next);
    }

    /// <summary>Stops the partition for good: appends are refused, and whoever waits for more is told why.</summary>
    public void Stop(string problem)
    {
        if (Interlocked.CompareExchange(ref _problem, problem, null) is null)
            Tail.End(() => new LogCorruptException(problem));
    }

    /// <summary>Stops the partition for damage at a place, and returns the exception to throw.</summary>
    public LogCorruptException Damaged(Segment segment, long offset, string what)
    {
        var problem = Describe(Partition, segment.Path, offset, what);
        Stop(problem);
        return new LogCorruptException(problem);
    }

    public static string Describe(int partition, string path, long offset, string what) =>
        $"Partition {partition} of the log is damaged in {path} at offset {offset}: {what}. The file was left untouched. "
        + "The partition takes no appends until it is repaired: stop the host, restore this file from a backup, start again.";

    public void ThrowIfStopped()
    {
        if (Problem is { } problem)
            throw new LogCorruptException(problem);
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
            segment.Dispose();
    }
}
