using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// The embedded log: partitions of segmented files, one writer thread each, any number of readers. One holder at a time.
/// Opening repairs what a crash left; a partition whose acknowledged data is damaged stops, and the others go on.
/// </summary>
public sealed class FileLog : ILogReader, ILogWriter, IAsyncDisposable
{
    private readonly IDisk _disk;
    private readonly IDisposable _lock;
    private readonly IReadOnlyDictionary<int, CleanEnd> _keptEnds;
    private readonly PartitionLog[] _partitions;
    private readonly PartitionReader[] _readers;
    private readonly PartitionWriter[] _writers;
    private readonly AppendPool _pool;
    private readonly Dictionary<int, RetiredStart> _starts;
    private int _closing;

    private FileLog(FileLogParts parts)
    {
        (_disk, _lock, Directory, Options) = (parts.Disk, parts.Lock, parts.Directory, parts.Options);
        (LogId, DuplicateWindow, Recovered, _keptEnds) = (parts.Layout.LogId, parts.Layout.DuplicateWindow, parts.Reports, parts.KeptEnds);
        _starts = parts.Starts;
        _pool = new AppendPool(parts.Partitions.Length);
        (_partitions, _readers, _writers) = (parts.Partitions, parts.Readers, parts.StartWriters());
    }

    /// <summary>The directory that holds the log, absolute.</summary>
    public string Directory { get; }

    /// <summary>Tells this log from every other; made with it, never changed.</summary>
    public long LogId { get; }

    /// <summary>How many positions of its partition a duplicate is looked for in; 0 if none.</summary>
    public int DuplicateWindow { get; }

    public LogOptions Options { get; }

    /// <summary>What was repaired when the log was opened.</summary>
    public IReadOnlyList<RecoveryReport> Recovered { get; }

    public int PartitionCount => _partitions.Length;

    /// <summary>Opens the log in a directory, or makes a new one there; repairs what a crash left. Blocks while it reads.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names each.</exception>
    /// <exception cref="InvalidOperationException">An option disagrees with what is fixed for this log.</exception>
    /// <exception cref="LogUnavailableException">Somebody else has the log open; the message names the process if it can.</exception>
    /// <exception cref="LogCorruptException">The log's description is damaged. (A damaged partition is no error here: see <see cref="Problem"/>.)</exception>
    public static FileLog Open(string directory, LogOptions options, IDisk? disk = null, TimeProvider? time = null) =>
        new(FileLogParts.Open(Path.GetFullPath(directory), options, disk ?? PhysicalDisk.Instance, time ?? TimeProvider.System));

    public long First(int partition) => _partitions[partition].First;

    public long Next(int partition) => _partitions[partition].Next;

    /// <summary>Why a partition stopped, where, and what can be done; null while it works. It takes no appends then.</summary>
    public string? Problem(int partition) => _partitions[partition].Problem;

    public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        ThrowIfClosing();
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<LogPage>(_readers[partition].Read(from, bytesMax));
    }

    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) =>
        _partitions[partition].Tail.WaitAsync(sequence, cancellationToken);

    public ValueTask<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfClosing();
        cancellationToken.ThrowIfCancellationRequested();
        AppendLimits.Check(batch, Options);
        if (batch.Count == 0)
            return new ValueTask<AppendResult>(new AppendResult(AppendStatus.Appended, 0, 0, Receipt.Empty));
        var append = _pool.Take();
        append.Split(batch);
        if (FirstStopped(append) is { } stopped)
        {
            append.Abandon();
            throw new LogCorruptException(stopped);
        }
        if (!TryReserve(append))
        {
            append.Abandon();
            return new ValueTask<AppendResult>(AppendResult.Overloaded);
        }
        Put(append);
        return new ValueTask<AppendResult>(append, append.Version);
    }

    /// <summary>The segments of a partition that nothing is written to any more, in order.</summary>
    internal IReadOnlyList<(Segment Segment, long Next)> Sealed(int partition) => _partitions[partition].Sealed;

    /// <summary>About how many bytes stand from a sequence on to the end of the partition.</summary>
    internal long BytesFrom(int partition, long sequence) => _partitions[partition].BytesFrom(sequence);

    /// <summary>Makes the last segment one of the <see cref="Sealed"/>, unless it is empty.</summary>
    internal Task SealAsync(int partition) => _writers[partition].SealAsync();

    /// <summary>
    /// Deletes the sealed segments before the one that begins with a sequence. That they are gone on purpose is on record
    /// before the first of them is; after a crash in between the next start goes on deleting.
    /// </summary>
    internal void Retire(int partition, long first)
    {
        ThrowIfClosing();
        lock (_starts)
        {
            var last = Sealed(partition).Last(one => one.Next == first).Segment;
            var starts = new Dictionary<int, RetiredStart>(_starts) { [partition] = new RetiredStart(partition, first, last.End.Crc, last.End.Ticks) };
            RetiredStarts.Write(_disk, Directory, starts.Values);
            _starts[partition] = starts[partition];
            foreach (var segment in _partitions[partition].Retire(first))
                _disk.Delete(segment.Path);
            _disk.FlushDirectory(_partitions[partition].Directory);
        }
    }

    /// <summary>
    /// Closes the log in good order: takes no more appends, writes and flushes what is queued, acknowledges it, and
    /// marks the log as closed. Whoever waits for more gets <see cref="ObjectDisposedException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
            return;
        foreach (var writer in _writers)
            writer.Queue.Complete();
        var ends = await Task.WhenAll(_writers.Select(writer => writer.Ended)).ConfigureAwait(false);
        foreach (var log in _partitions)
            log.Tail.End(() => new ObjectDisposedException(nameof(FileLog), $"The log in {Directory} was closed."));
        try
        {
            CleanClose.Write(_disk, Directory, [.. ends.OfType<CleanEnd>(), .. _keptEnds.Values]);
        }
        catch (IOException e)
        {
            // All that was acknowledged is on disk; without the mark the next start checks the end as after a crash.
            foreach (var log in _partitions)
                log.Stop($"The log in {Directory} could not be marked as closed: {e.Message}");
        }
        finally
        {
            foreach (var log in _partitions)
                log.Dispose();
            _lock.Dispose();
        }
    }

    internal void ThrowIfClosing() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _closing) != 0, this);

    private string? FirstStopped(PendingAppend append)
    {
        for (var p = 0; p < _partitions.Length; p++)
            if (append.Bytes(p) > 0 && _partitions[p].Problem is { } problem)
                return problem;
        return null;
    }

    /// <summary>Claims room in every queue that the append touches, or in none.</summary>
    private bool TryReserve(PendingAppend append)
    {
        for (var p = 0; p < _writers.Length; p++)
        {
            if (append.Bytes(p) == 0 || _writers[p].Queue.TryReserve(append.Bytes(p)))
                continue;
            while (--p >= 0)
                _writers[p].Queue.Release(append.Bytes(p));
            return false;
        }
        return true;
    }

    private void Put(PendingAppend append)
    {
        for (var p = 0; p < _writers.Length; p++)
        {
            var bytes = append.Bytes(p);
            if (bytes == 0 || _writers[p].Queue.TryPut(append))
                continue;
            _writers[p].Queue.Release(bytes);
            append.Failed(new ObjectDisposedException(nameof(FileLog), "The log was closed; what was asked may be stored in part."));
        }
    }
}
