namespace Kappa.Engine.Folding;

/// <summary>
/// Lets the feeds of a runner take one run after the other, and can hold them all between two runs: then nothing is read,
/// and what was read is folded. Thread-safe.
/// </summary>
internal sealed class FeedGate(int partitions) : IDisposable
{
    private readonly SemaphoreSlim[] _steps = [.. Enumerable.Range(0, partitions).Select(_ => new SemaphoreSlim(1))];
    private readonly SemaphoreSlim _holding = new(1);

    public Task EnterAsync(int partition, CancellationToken cancellationToken) => _steps[partition].WaitAsync(cancellationToken);

    public void Leave(int partition) => _steps[partition].Release();

    /// <summary>Returns once every feed stands between two runs; they go on when the hold is disposed. Holds wait for one another.</summary>
    public async Task<IDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        await _holding.WaitAsync(cancellationToken).ConfigureAwait(false);
        var held = 0;
        try
        {
            for (; held < _steps.Length; held++)
                await _steps[held].WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Hold(this);
        }
        catch
        {
            Release(held);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var step in _steps)
            step.Dispose();
        _holding.Dispose();
    }

    private void Release(int steps)
    {
        for (var i = 0; i < steps; i++)
            _steps[i].Release();
        _holding.Release();
    }

    private sealed class Hold(FeedGate gate) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
                gate.Release(gate._steps.Length);
        }
    }
}
