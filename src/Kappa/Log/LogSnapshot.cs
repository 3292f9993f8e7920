namespace Kappa.Log;

/// <summary>
/// The log in a directory as it stood when this was opened, for reading beside whoever has it open: takes no lock and
/// changes no byte. What stands behind the last whole group, a write under way or a torn tail, is not part of it.
/// </summary>
public sealed class LogSnapshot : ILogReader, IDisposable
{
    private const int Tries = 3;

    private readonly PartitionLog[] _partitions;
    private readonly PartitionReader[] _readers;

    private LogSnapshot(string directory, long logId, PartitionLog[] partitions)
    {
        (Directory, LogId, _partitions) = (directory, logId, partitions);
        _readers = [.. partitions.Select(partition => new PartitionReader(partition))];
    }

    /// <summary>The directory that holds the log, absolute.</summary>
    public string Directory { get; }

    public long LogId { get; }

    public int PartitionCount => _partitions.Length;

    /// <summary>True if a log was made in this directory.</summary>
    public static bool IsLog(string directory) => LogLayout.Exists(new ReadOnlyDisk(), directory);

    /// <summary>Opens what is there now. Blocks while it looks for the ends.</summary>
    /// <exception cref="FileNotFoundException">There is no log in this directory.</exception>
    /// <exception cref="LogCorruptException">A partition is damaged; it names the place.</exception>
    public static LogSnapshot Open(string directory)
    {
        directory = Path.GetFullPath(directory);
        if (!IsLog(directory))
            throw new FileNotFoundException($"There is no log in {directory}.");
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Look(directory);
            }
            // Files may go, and ends may move, while somebody who has it open is at work; what is really wrong stays so.
            catch (Exception e) when (tries < Tries && e is (FileNotFoundException or LogCorruptException))
            {
                continue;
            }
        }
    }

    public long First(int partition) => _partitions[partition].First;

    public long Next(int partition) => _partitions[partition].Next;

    public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<LogPage>(_readers[partition].Read(from, bytesMax));
    }

    /// <summary>Waits for what never comes if it is not there yet.</summary>
    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) =>
        _partitions[partition].Tail.WaitAsync(sequence, cancellationToken);

    public void Dispose()
    {
        foreach (var partition in _partitions)
        {
            partition.Tail.End(() => new ObjectDisposedException(nameof(LogSnapshot)));
            partition.Dispose();
        }
    }

    private static LogSnapshot Look(string directory)
    {
        var disk = new ReadOnlyDisk();
        var layout = LogLayout.Open(disk, directory, new LogOptions(), TimeProvider.System);
        var ends = CleanClose.Read(disk, directory, []);
        var starts = RetiredStarts.Read(disk, directory);
        var files = new SegmentFiles(SegmentFiles.OpenMaxDefault);
        var partitions = new List<PartitionLog>();
        try
        {
            for (var p = 0; p < layout.Partitions; p++)
                partitions.Add(new PartitionRecovery(disk, LogLayout.PartitionDirectory(directory, p), p,
                    FrameHeader.Seed(layout.LogId, p), ends.GetValueOrDefault(p), starts.GetValueOrDefault(p), files).Run().Log);
            if (partitions.Select(partition => partition.Problem).FirstOrDefault(problem => problem is not null) is { } problem)
                throw new LogCorruptException(problem);
            return new LogSnapshot(directory, layout.LogId, [.. partitions]);
        }
        catch
        {
            partitions.ForEach(partition => partition.Dispose());
            throw;
        }
    }
}
