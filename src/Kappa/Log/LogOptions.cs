namespace Kappa.Log;

/// <summary>The limits and the layout of a log. <see cref="Validate"/> is called before anything is opened.</summary>
public sealed class LogOptions
{
    /// <summary>How many partitions a new log gets, 1 to 32. Fixed once the log exists: another value is then an error.</summary>
    public int? Partitions { get; set; }

    public const int PartitionsDefault = 4;
    public const int PartitionsMax = 32;

    public FlushPolicy Flush { get; set; } = FlushPolicy.EveryAppend;

    /// <summary>How many positions of its partition a duplicate is looked for in. Written into a new log; null takes what the log has.</summary>
    public int? DuplicateWindow { get; set; }

    public const int DuplicateWindowDefault = 262_144;
    public const int DuplicateWindowMax = 16_777_216;

    /// <summary>The largest event, in bytes as encoded in the log.</summary>
    public int EventBytesMax { get; set; } = 1 << 20;

    /// <summary>The largest append request, in bytes.</summary>
    public int RequestBytesMax { get; set; } = 8 << 20;

    /// <summary>The most events in one append request.</summary>
    public int RequestEventsMax { get; set; } = 10_000;

    /// <summary>A segment file is closed and a new one begun once it is this large.</summary>
    public long SegmentBytesMax { get; set; } = 128L << 20;

    /// <summary>How many bytes may wait to be written, per partition, before appends are told to come back later.</summary>
    public long QueueBytesMax { get; set; } = 32L << 20;

    /// <summary>How long segments stay after their last event was appended; then they go, once they are captured and outside the
    /// duplicate window. Null: for ever. Nothing is lost by it: older events are read from the capture.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>Names every setting that is out of range; empty if all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        Check(Partitions is null or (>= 1 and <= PartitionsMax), nameof(Partitions), $"1 to {PartitionsMax}", Partitions);
        Check(DuplicateWindow is null or (>= 0 and <= DuplicateWindowMax), nameof(DuplicateWindow), $"0 to {DuplicateWindowMax}", DuplicateWindow);
        Check(Enum.IsDefined(Flush), nameof(Flush), $"{nameof(FlushPolicy.EveryAppend)} or {nameof(FlushPolicy.Never)}", Flush);
        Check(EventBytesMax is >= 1024 and <= 64 << 20, nameof(EventBytesMax), "1 KiB to 64 MiB", EventBytesMax);
        Check(RequestBytesMax >= EventBytesMax && RequestBytesMax <= 256 << 20, nameof(RequestBytesMax), $"{nameof(EventBytesMax)} to 256 MiB", RequestBytesMax);
        Check(RequestEventsMax is >= 1 and <= 1_000_000, nameof(RequestEventsMax), "1 to 1,000,000", RequestEventsMax);
        Check(SegmentBytesMax is >= 64 << 10 and <= 4L << 30, nameof(SegmentBytesMax), "64 KiB to 4 GiB", SegmentBytesMax);
        Check(QueueBytesMax >= RequestBytesMax, nameof(QueueBytesMax), $"at least {nameof(RequestBytesMax)}", QueueBytesMax);
        Check(Retention is null || Retention >= TimeSpan.FromSeconds(1) && Retention <= TimeSpan.FromDays(36_500), nameof(Retention), "a second to a hundred years, as d.hh:mm:ss", Retention);
        return problems;

        void Check(bool good, string name, string range, object? value)
        {
            if (!good)
                problems.Add($"Kappa:Log:{name} is {value}, but must be {range}.");
        }
    }
}
