namespace Kappa.Capture;

/// <summary>A file of Event Hubs Capture, and the sequence that it begins with once somebody has looked.</summary>
internal sealed class CapturedHubFile(ICaptureStore store, string path, DateOnly day)
{
    private long? _first;

    public string Path => path;

    /// <summary>The day that its path says.</summary>
    public DateOnly Day => day;

    public async ValueTask<CaptureFile> OpenAsync(CancellationToken cancellationToken) =>
        await CaptureFile.OpenAsync(new CaptureStoreStream(store, path), store.Describe(path), cancellationToken).ConfigureAwait(false);

    /// <summary>The sequence of its first event; -1 if it has none, as Capture writes a file even when nothing came.</summary>
    public async ValueTask<long> FirstAsync(CancellationToken cancellationToken)
    {
        if (_first is { } known)
            return known;
        using var file = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var first = -1L;
        await foreach (var captured in file.EventsAsync(cancellationToken).ConfigureAwait(false))
        {
            first = captured.Sequence;
            break;
        }
        _first = first;
        return first;
    }
}
