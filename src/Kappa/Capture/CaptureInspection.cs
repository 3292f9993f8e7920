namespace Kappa.Capture;

/// <summary>Looks at capture files, ours and others', for people and for checks. Changes nothing.</summary>
public static class CaptureInspection
{
    /// <summary>What a file holds: of one of ours as its index says, of others as reading it shows.</summary>
    /// <exception cref="CaptureCorruptException">It is no capture file, or damaged as far as was looked.</exception>
    public static async ValueTask<CaptureFileInfo> LookAsync(ICaptureStore store, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await CaptureIndexFile.FindAsync(store, name, cancellationToken).ConfigureAwait(false) is { } index
            ? Of(name, index, isProven: false)
            : await ReadAsync(store, name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads all of a file: its structure, its events, and of one of ours with its index the checksum of every byte and every
    /// entry of the index.
    /// </summary>
    /// <exception cref="CaptureCorruptException">It is damaged; it names the byte.</exception>
    public static async ValueTask<CaptureFileInfo> VerifyAsync(ICaptureStore store, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await CaptureIndexFile.FindAsync(store, name, cancellationToken).ConfigureAwait(false) is not { } index)
            return await ReadAsync(store, name, cancellationToken).ConfigureAwait(false);
        var found = await CaptureIndexFile.ScanAsync(store, name, cancellationToken, index).ConfigureAwait(false);
        return found.ToBytes().AsSpan().SequenceEqual(index.ToBytes())
            ? Of(name, index, isProven: true)
            : throw new CaptureCorruptException(store.Describe(CaptureLayout.IndexOf(name)), 0, "it is not the index of its file; delete it, and it is made anew");
    }

    private static CaptureFileInfo Of(string name, CaptureIndex index, bool isProven) =>
        new(name, index.Origin, index.First, index.Next - 1, index.Next - index.First, index.FileBytes,
            new DateTimeOffset(index.Blocks[0].FirstTicks, TimeSpan.Zero), new DateTimeOffset(index.Blocks[^1].LastTicks, TimeSpan.Zero), isProven);

    private static async ValueTask<CaptureFileInfo> ReadAsync(ICaptureStore store, string name, CancellationToken cancellationToken)
    {
        using var file = await CaptureFile.OpenAsync(new CaptureStoreStream(store, name), store.Describe(name), cancellationToken).ConfigureAwait(false);
        var info = new CaptureFileInfo(name, file.Origin, null, null, 0, await store.LengthAsync(name, cancellationToken).ConfigureAwait(false) ?? 0, null, null, false);
        await foreach (var captured in file.EventsAsync(cancellationToken).ConfigureAwait(false))
            info = info with
            {
                First = info.First ?? captured.Sequence,
                Last = captured.Sequence,
                Events = info.Events + 1,
                From = info.From ?? captured.Enqueued,
                To = captured.Enqueued ?? info.To,
            };
        return info;
    }
}
