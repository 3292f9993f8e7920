using System.Buffers;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>The index of a capture file of ours: reads it, makes it anew where it is gone, and holds the file against it.</summary>
internal static class CaptureIndexFile
{
    private const long BytesMax = 256L << 20;

    public static async ValueTask WriteAsync(ICaptureStore store, string path, CaptureIndex index, CancellationToken cancellationToken)
    {
        var upload = await store.CreateAsync(CaptureLayout.IndexOf(path), cancellationToken).ConfigureAwait(false);
        await using (upload.ConfigureAwait(false))
        {
            await upload.WriteAsync(index.ToBytes(), cancellationToken).ConfigureAwait(false);
            await upload.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the index of a file and checks that header and length are those it knows. Where there is none, or a damaged one, it is made from the file.</summary>
    /// <exception cref="CaptureCorruptException">The file is damaged.</exception>
    public static async ValueTask<CaptureIndex> ReadAsync(ICaptureStore store, string path, CancellationToken cancellationToken)
    {
        if (await FindAsync(store, path, cancellationToken).ConfigureAwait(false) is not { } index)
        {
            index = await ScanAsync(store, path, cancellationToken).ConfigureAwait(false);
            try
            {
                await WriteAsync(store, path, index, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException)
            {
                // A read must not fail because it cannot save the next one some work: a full disk, one that may only be read, another who writes the same.
            }
            return index;
        }
        var name = store.Describe(path);
        var length = await store.LengthAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new CaptureCorruptException(name, 0, "it is missing");
        if (length != index.FileBytes)
            throw new CaptureCorruptException(name, Math.Min(length, index.FileBytes), $"it is {length} bytes long, and {index.FileBytes} were written");
        var header = new byte[index.HeaderBytes];
        if (await store.ReadAsync(path, 0, header, cancellationToken).ConfigureAwait(false) < header.Length || Crc32C.Of(header) != index.HeaderCrc)
            throw new CaptureCorruptException(name, 0, "the checksum of its header does not match");
        if (CaptureHeader.Read(header, name).Origin is not { } origin || origin != index.Origin)
            throw new CaptureCorruptException(name, 0, "its header and its index name different places");
        return index;
    }

    /// <summary>The index that lies there; null if there is none that is sound.</summary>
    public static async ValueTask<CaptureIndex?> FindAsync(ICaptureStore store, string path, CancellationToken cancellationToken)
    {
        var name = CaptureLayout.IndexOf(path);
        if (await store.LengthAsync(name, cancellationToken).ConfigureAwait(false) is not { } length || length > BytesMax)
            return null;
        var bytes = new byte[length];
        return await store.ReadAsync(name, 0, bytes, cancellationToken).ConfigureAwait(false) == bytes.Length ? CaptureIndex.Read(bytes) : null;
    }

    /// <summary>
    /// Reads a file of ours from start to end, checks all of it that can be checked, hands out its events, and returns the
    /// index that it should have.
    /// </summary>
    /// <param name="known">The index it has; each block is held against it. Null if there is none.</param>
    /// <param name="each">Gets the events of each block in turn; they are gone when it returns. Null to only check.</param>
    /// <exception cref="CaptureCorruptException">The file is damaged.</exception>
    public static async ValueTask<CaptureIndex> ScanAsync(ICaptureStore store, string path, CancellationToken cancellationToken,
        CaptureIndex? known = null, Func<ReadOnlyMemory<RecordedEvent>, ValueTask>? each = null)
    {
        using var blocks = new CaptureBlocks(new CaptureStoreStream(store, path), store.Describe(path));
        await blocks.OpenAsync(cancellationToken).ConfigureAwait(false);
        var origin = blocks.Header.Origin ?? throw blocks.Corrupt(0, "it is not one of ours");
        var headerCrc = Crc32C.Of(blocks.HeaderBytes.Span);
        if (known is not null && (known.HeaderCrc != headerCrc || known.Origin != origin))
            throw blocks.Corrupt(0, "the checksum of its header does not match");
        var found = new List<CaptureBlock>();
        while (await blocks.NextAsync(cancellationToken).ConfigureAwait(false))
        {
            var place = new CaptureBlock(found.Count == 0 ? origin.First : found[^1].Next, blocks.Count, blocks.Offset, blocks.Bytes.Length, Crc32C.Of(blocks.Bytes.Span), 0, 0);
            if (known is not null && (found.Count == known.Blocks.Length || known.Blocks[found.Count].Crc != place.Crc || known.Blocks[found.Count].Offset != place.Offset))
                throw blocks.Corrupt(blocks.Offset, "the checksum of a block does not match");
            found.Add(await DecodeAsync(blocks, place, origin.Partition, each).ConfigureAwait(false));
        }
        if (known is not null && known.Blocks.Length != found.Count)
            throw blocks.Corrupt(blocks.Offset, $"it ends before sequence {known.Next}");
        return new CaptureIndex(origin, blocks.Header.Bytes, headerCrc, [.. found]);
    }

    private static async ValueTask<CaptureBlock> DecodeAsync(CaptureBlocks blocks, CaptureBlock place, int partition, Func<ReadOnlyMemory<RecordedEvent>, ValueTask>? each)
    {
        var records = ArrayPool<byte>.Shared.Rent(place.Bytes);
        var events = ArrayPool<RecordedEvent>.Shared.Rent(Math.Max(1, place.Count));
        try
        {
            var decoder = new CaptureDecoder(records, events, partition);
            decoder.Add(blocks.Bytes.Span, place, place.First, blocks.File);
            if (place.Count == 0)
                throw blocks.Corrupt(place.Offset, "a block of ours is never empty");
            place = place with { FirstTicks = events[0].AppendedTicks, LastTicks = events[place.Count - 1].AppendedTicks };
            if (each is not null)
                await each(events.AsMemory(0, place.Count)).ConfigureAwait(false);
            return place;
        }
        finally
        {
            ArrayPool<RecordedEvent>.Shared.Return(events, clearArray: true);
            ArrayPool<byte>.Shared.Return(records);
        }
    }
}
