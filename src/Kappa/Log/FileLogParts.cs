using System.Runtime.ExceptionServices;

namespace Kappa.Log;

/// <summary>The parts of an opened log, put together in the order that keeps it safe at every step.</summary>
internal sealed class FileLogParts
{
    private const int LoadPageBytes = 1 << 20;

    private PartitionRecovery[] _recovered = [];
    private DuplicateWindow?[] _windows = [];

    public required IDisk Disk { get; init; }
    public required string Directory { get; init; }
    public required LogOptions Options { get; init; }
    public required TimeProvider Time { get; init; }
    public required IDisposable Lock { get; init; }
    public LogLayout Layout { get; private set; } = null!;
    public List<RecoveryReport> Reports { get; } = [];

    /// <summary>The clean ends of partitions that are damaged: kept, lest the damage pass for a torn tail next time.</summary>
    public IReadOnlyDictionary<int, CleanEnd> KeptEnds { get; private set; } = null!;
    public PartitionLog[] Partitions { get; private set; } = [];
    public PartitionReader[] Readers { get; private set; } = [];

    /// <summary>Where partitions begin whose older segments were retired.</summary>
    public Dictionary<int, RetiredStart> Starts { get; private set; } = [];

    public static FileLogParts Open(string directory, LogOptions options, IDisk disk, TimeProvider time)
    {
        if (options.Validate() is [_, ..] problems)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        disk.CreateDirectory(directory);
        var parts = new FileLogParts
        {
            Disk = disk,
            Directory = directory,
            Options = options,
            Time = time,
            Lock = TakeLock(disk, directory),
        };
        try
        {
            parts.Recover();
            return parts;
        }
        catch
        {
            foreach (var log in parts.Partitions)
                log.Dispose();
            parts.Lock.Dispose();
            throw;
        }
    }

    /// <summary>Starts the writer threads: the last thing to happen, as nothing can fail behind it.</summary>
    public PartitionWriter[] StartWriters() =>
        [.. Partitions.Select((log, p) => new PartitionWriter(log,
            new PartitionTail(Disk, log, Options, Time, _recovered[p].LastCrc, _recovered[p].LastTicks), Readers[p], _windows[p], Options))];

    private static IDisposable TakeLock(IDisk disk, string directory)
    {
        try
        {
            return disk.Lock(Path.Combine(directory, "log.lock"));
        }
        catch (IOException e) when (e is not DiskFullException)
        {
            throw new LogUnavailableException($"The log in {directory} cannot be taken: {e.Message} One process at a time may have it open; "
                + "stop that one, or set Kappa:Data to another directory.", e);
        }
    }

    private void Recover()
    {
        Layout = LogLayout.Open(Disk, Directory, Options, Time);
        var ends = CleanClose.Read(Disk, Directory, Reports);
        Starts = RetiredStarts.Read(Disk, Directory);
        RetiredStarts.Finish(Disk, Directory, Starts.Values);
        var files = new SegmentFiles(SegmentFiles.OpenMaxDefault);
        _recovered = [.. Enumerable.Range(0, Layout.Partitions).Select(p => new PartitionRecovery(Disk,
            LogLayout.PartitionDirectory(Directory, p), p, FrameHeader.Seed(Layout.LogId, p), ends.GetValueOrDefault(p), Starts.GetValueOrDefault(p), files).Run())];
        Partitions = [.. _recovered.Select(recovery => recovery.Log)];
        Readers = [.. Partitions.Select(log => new PartitionReader(log))];
        Reports.AddRange(_recovered.Select(recovery => recovery.Report).OfType<RecoveryReport>());
        KeptEnds = ends.Where(end => end.Key < Partitions.Length && Partitions[end.Key].Problem is not null).ToDictionary();
        // Where nothing but damaged partitions had an end, all stays: the disk may be full.
        if (KeptEnds.Count == 0 || KeptEnds.Count < ends.Count)
            CleanClose.Write(Disk, Directory, [.. KeptEnds.Values]);
        _windows = new DuplicateWindow?[Partitions.Length];
        if (Layout.DuplicateWindow == 0)
            return;
        try
        {
            Parallel.For(0, Partitions.Length, p => _windows[p] = LoadWindow(p));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>Reads the identities of the last positions back. Damage met there stops the partition.</summary>
    private DuplicateWindow LoadWindow(int partition)
    {
        var log = Partitions[partition];
        var from = Math.Max(log.First, log.Next - Layout.DuplicateWindow);
        var window = new DuplicateWindow(Layout.DuplicateWindow, from);
        try
        {
            while (from < log.Next && log.Problem is null)
            {
                using var page = Readers[partition].Read(from, LoadPageBytes);
                foreach (ref readonly var recorded in page.Events)
                    window.Add(Events.EventBatch.Identity(recorded.Record.Span));
                from = page.Next;
            }
        }
        catch (LogCorruptException e)
        {
            log.Stop(e.Message);
        }
        window.Commit();
        return window;
    }
}
