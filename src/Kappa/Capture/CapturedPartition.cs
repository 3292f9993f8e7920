namespace Kappa.Capture;

/// <summary>
/// The files of one partition in their order. Of each only its time is known until somebody looks for a sequence: then as
/// many indexes are read as a binary search needs, and a few are kept. Any number read, one adds.
/// </summary>
internal sealed class CapturedPartition(ICaptureStore store, long logId, int partition, CapturedFile[] files)
{
    private const int IndexesMax = 32;

    private readonly Queue<CapturedFile> _indexed = [];
    private volatile CapturedFile[] _files = files;
    private CapturedFile? _last;

    public CapturedFile[] Files => _files;

    /// <summary>The sequence behind the last captured event; -1 if nothing is captured.</summary>
    public long Next { get; private set; } = -1;

    /// <summary>The sequence of the first captured event; -1 if nothing is captured.</summary>
    public long First { get; private set; } = -1;

    /// <summary>Why the end of the capture cannot be told, so that nothing can be added; null if all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Finds out where the capture begins and ends. Damage at the end is no error here: see <see cref="Problem"/>.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        for (var last = _files.Length - 1; last >= 0 && Next < 0; last--)
            try
            {
                Next = (await IndexAsync(_files[last], cancellationToken).ConfigureAwait(false)).Next;
            }
            catch (CaptureCorruptException e)
            {
                Problem ??= $"{e.Message} Nothing is captured behind it: restore the file from a backup, or delete it with its index so that it is written again while the log still has its events.";
            }
        if (Next < 0)
            return;
        try
        {
            First = (await IndexAsync(_files[0], cancellationToken).ConfigureAwait(false)).First;
        }
        catch (CaptureCorruptException)
        {
            // Whoever reads there is told; a capture begins where its log does.
            First = 0;
        }
    }

    /// <summary>Adds a file that was written behind the others.</summary>
    public void Add(CapturedFile file)
    {
        if (First < 0)
            First = file.First;
        _files = [.. _files, file];
        Next = file.Next;
        Keep(file);
    }

    /// <summary>The file that holds a sequence from <see cref="First"/> to <see cref="Next"/>, with its index.</summary>
    /// <exception cref="CaptureCorruptException">A file on the way is damaged, of another log, or missing.</exception>
    public async ValueTask<(CapturedFile File, CaptureIndex Index)> FindAsync(long sequence, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _last) is { Index: { } at } recent && recent.First <= sequence && sequence < recent.Next)
            return (recent, at);
        var files = _files;
        int low = 0, high = files.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (files[middle].First < 0)
                await IndexAsync(files[middle], cancellationToken).ConfigureAwait(false);
            if (files[middle].First <= sequence)
                low = middle;
            else
                high = middle - 1;
        }
        var file = files[low];
        var index = await IndexAsync(file, cancellationToken).ConfigureAwait(false);
        if (sequence < index.First || sequence >= index.Next)
            throw new CaptureCorruptException(store.Describe(file.Path), index.FileBytes,
                $"it holds the sequences {index.First} to {index.Next - 1}, and no file holds {sequence}: one between it and the next is missing");
        Volatile.Write(ref _last, file);
        return (file, index);
    }

    private async ValueTask<CaptureIndex> IndexAsync(CapturedFile file, CancellationToken cancellationToken)
    {
        if (file.Index is { } kept)
            return kept;
        var index = await CaptureIndexFile.ReadAsync(store, file.Path, cancellationToken).ConfigureAwait(false);
        if (index.Origin.LogId != logId || index.Origin.Partition != partition)
            throw new CaptureCorruptException(store.Describe(file.Path), 0,
                $"it is of partition {index.Origin.Partition} of log {index.Origin.LogId}, and should be of partition {partition} of log {logId}");
        file.Index = index;
        Keep(file);
        return index;
    }

    /// <summary>Of the oldest the index is forgotten, but not what it said about where the file begins and ends.</summary>
    private void Keep(CapturedFile file)
    {
        lock (_indexed)
        {
            _indexed.Enqueue(file);
            if (_indexed.Count > IndexesMax)
                _indexed.Dequeue().Index = null;
        }
    }
}
