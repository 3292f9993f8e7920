using System.Buffers;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// The captured part of one log, read like a log. It ends where the capture does; <see cref="LogCapture"/> moves the end.
/// Memory is bounded however much is captured: some 64 bytes a file, and a few indexes. Thread-safe.
/// </summary>
public sealed class CapturedLog : ILogReader, ICapturedEvents
{
    private const int PageBytesMax = 16 << 20;

    private readonly ICaptureStore _store;
    private readonly CapturedPartition[] _partitions;
    private readonly TailSignal[] _tails;

    private CapturedLog(ICaptureStore store, string space, string hub, long logId, CapturedPartition[] partitions)
    {
        (_store, Namespace, Hub, LogId, _partitions) = (store, space, hub, logId, partitions);
        _tails = [.. partitions.Select(partition => new TailSignal(Math.Max(0, partition.Next)))];
    }

    public string Namespace { get; }
    public string Hub { get; }
    public long LogId { get; }
    public int PartitionCount => _partitions.Length;

    /// <summary>Whether anything of a partition is captured.</summary>
    public bool IsEmpty(int partition) => _partitions[partition].Next < 0;

    public long First(int partition) => Math.Max(0, _partitions[partition].First);

    public long Next(int partition) => Math.Max(0, _partitions[partition].Next);

    /// <summary>Why nothing can be added to a partition's capture; null if all is well.</summary>
    public string? Problem(int partition) => _partitions[partition].Problem;

    /// <summary>Opens the capture of a log, which may be empty still.</summary>
    /// <exception cref="InvalidOperationException">The files there are of another log.</exception>
    public static async Task<CapturedLog> OpenAsync(ICaptureStore store, ILogReader log, CaptureOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(options);
        var files = await CaptureCatalogue.ListAsync(store, CaptureLayout.Prefix(options.Namespace, options.Hub), cancellationToken).ConfigureAwait(false);
        foreach (var last in files.Values.Select(list => list[^1]))
            if (await CaptureCatalogue.OriginAsync(store, last.Path, cancellationToken).ConfigureAwait(false) is { } origin && origin.LogId != log.LogId)
                throw new InvalidOperationException($"{store.Describe(last.Path)} is of log {origin.LogId}, but this is log {log.LogId}. "
                    + "Set Kappa:Capture:Directory or Kappa:Capture:Hub to another place; two logs are never captured to one.");
        return await OpenAsync(store, options.Namespace, options.Hub, log.LogId, log.PartitionCount, files, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a capture of ours by itself, without its log.</summary>
    /// <exception cref="InvalidOperationException">There is no capture of ours, or more than one.</exception>
    public static async Task<CapturedLog> OpenAsync(ICaptureStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var hubs = new SortedSet<(string Space, string Hub)>();
        CaptureOrigin? origin = null;
        await foreach (var path in store.ListAsync("", cancellationToken).ConfigureAwait(false))
            if (CaptureLayout.TryParse(path, out var name) && hubs.Add((name.Space, name.Hub)))
                origin = await CaptureCatalogue.OriginAsync(store, path, cancellationToken).ConfigureAwait(false) ?? origin;
        if (hubs.Count != 1 || origin is null)
            throw new InvalidOperationException($"{store.Describe("")} holds {(hubs.Count > 1 ? $"the captures of {hubs.Count} hubs, and one is expected" : "no capture of a log of ours")}.");
        var (space, hub) = hubs.Single();
        var files = await CaptureCatalogue.ListAsync(store, CaptureLayout.Prefix(space, hub), cancellationToken).ConfigureAwait(false);
        return await OpenAsync(store, space, hub, origin.LogId, origin.Partitions, files, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, First(partition));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Next(partition));
        if (from == Next(partition))
            return LogPage.Empty(from);
        try
        {
            var (file, index) = await _partitions[partition].FindAsync(from, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(file, index, from, Math.Clamp(bytesMax, 1, PageBytesMax), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CaptureCorruptException or FileNotFoundException)
        {
            throw new LogCorruptException($"Partition {partition} cannot be read from sequence {from} on. {e.Message} Restore the file from a backup.", e);
        }
    }

    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) =>
        _tails[partition].WaitAsync(sequence, cancellationToken);

    /// <summary>The files of a partition, in order.</summary>
    internal IReadOnlyList<CapturedFile> Files(int partition) => _partitions[partition].Files;

    internal void Add(int partition, string path, long second, CaptureIndex index)
    {
        _partitions[partition].Add(new CapturedFile(path, second) { Index = index });
        _tails[partition].Publish(index.Next);
    }

    internal ValueTask<(CapturedFile File, CaptureIndex Index)> FindAsync(int partition, long sequence, CancellationToken cancellationToken) =>
        _partitions[partition].FindAsync(sequence, cancellationToken);

    private async ValueTask<LogPage> ReadAsync(CapturedFile file, CaptureIndex index, long from, int bytesMax, CancellationToken cancellationToken)
    {
        var first = index.Find(from);
        var offset = index.Blocks[first].Offset;
        var end = first + 1;
        while (end < index.Blocks.Length && index.Blocks[end].End - offset <= bytesMax)
            end++;
        var size = (int)(index.Blocks[end - 1].End - offset);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            if (await _store.ReadAsync(file.Path, offset, buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false) < size)
                throw new CaptureCorruptException(_store.Describe(file.Path), offset, "it is shorter than it was");
            return Decode(file, index.Origin.Partition, buffer, index.Blocks.AsSpan(first, end - first), from);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private LogPage Decode(CapturedFile file, int partition, byte[] buffer, ReadOnlySpan<CaptureBlock> blocks, long from)
    {
        var size = (int)(blocks[^1].End - blocks[0].Offset);
        // A record is always shorter than what was written for it.
        var records = ArrayPool<byte>.Shared.Rent(size);
        var events = ArrayPool<RecordedEvent>.Shared.Rent((int)(blocks[^1].Next - from));
        try
        {
            var decoder = new CaptureDecoder(records, events, partition);
            foreach (ref readonly var block in blocks)
            {
                var bytes = buffer.AsSpan((int)(block.Offset - blocks[0].Offset), block.Bytes);
                if (Crc32C.Of(bytes) != block.Crc)
                    throw new CaptureCorruptException(_store.Describe(file.Path), block.Offset, "the checksum of a block does not match its bytes");
                decoder.Add(bytes, block, from, file.Path);
            }
            return new LogPage(records, events, decoder.Count, blocks[^1].Next);
        }
        catch
        {
            ArrayPool<RecordedEvent>.Shared.Return(events, clearArray: true);
            ArrayPool<byte>.Shared.Return(records);
            throw;
        }
    }

    private static async Task<CapturedLog> OpenAsync(ICaptureStore store, string space, string hub, long logId, int partitions,
        Dictionary<int, List<CapturedFile>> files, CancellationToken cancellationToken)
    {
        var opened = Enumerable.Range(0, partitions).Select(p => new CapturedPartition(store, logId, p, [.. files.GetValueOrDefault(p, [])])).ToArray();
        foreach (var partition in opened)
            await partition.OpenAsync(cancellationToken).ConfigureAwait(false);
        return new CapturedLog(store, space, hub, logId, opened);
    }
}
