namespace Kappa.Capture;

/// <summary>Goes through the files of a partition from a sequence on: every sequence once, in order. Used by one reader at a time.</summary>
internal sealed class CapturedHubWalk(ICaptureStore store, CapturedHubFiles files, CapturedHubFile start, long from) : IAsyncDisposable
{
    private CapturedHubFile _file = start;
    private bool _isBegun;
    private CaptureFile? _open;
    private IAsyncEnumerator<CapturedEvent>? _events;

    /// <summary>The sequence that comes next.</summary>
    public long Next { get; private set; } = from;

    /// <summary>The next event; null where the capture ends. Asked again, it goes on with what was captured since.</summary>
    /// <exception cref="CaptureCorruptException">A file is damaged, or the one that should come next is missing.</exception>
    public async ValueTask<CapturedEvent?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_events is null)
            {
                if (_isBegun)
                {
                    if (await files.AfterAsync(_file, cancellationToken).ConfigureAwait(false) is not { } after)
                        return null;
                    _file = after;
                }
                _isBegun = true;
                _open = await _file.OpenAsync(cancellationToken).ConfigureAwait(false);
                // It outlives this call, so it must not hang on its token.
                _events = _open.EventsAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
            }
            if (!await _events.MoveNextAsync().ConfigureAwait(false))
            {
                await DisposeAsync().ConfigureAwait(false);
                continue;
            }
            var captured = _events.Current;
            // What Capture wrote twice, when it was moved to another machine, and what lies before the place asked for.
            if (captured.Sequence < Next)
                continue;
            if (captured.Sequence > Next)
                throw new CaptureCorruptException(store.Describe(_file.Path), 0,
                    $"it goes on with sequence {captured.Sequence}, and no file holds {Next}: one before it is missing");
            Next++;
            return captured;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_events is not null)
            await _events.DisposeAsync().ConfigureAwait(false);
        _open?.Dispose();
        (_events, _open) = (null, null);
    }
}
