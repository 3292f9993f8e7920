using Kappa.Log;

namespace Kappa.Engine.Folding;

/// <summary>A shard's committed watermark, and who waits for it to reach a cut. Thread-safe.</summary>
internal sealed class WatermarkSignal(Cut start)
{
    private readonly Lock _gate = new();
    private readonly List<(Cut Cut, TaskCompletionSource Reached)> _waiting = [];
    private Cut _watermark = start;
    private Exception? _ended;

    public Cut Watermark => Volatile.Read(ref _watermark);

    /// <summary>Moves the watermark and wakes those whose cut it covers.</summary>
    public void Publish(Cut watermark)
    {
        Volatile.Write(ref _watermark, watermark);
        lock (_gate)
        {
            if (_waiting.Count == 0)
                return;
            for (var i = _waiting.Count - 1; i >= 0; i--)
                if (watermark.Covers(_waiting[i].Cut))
                {
                    _waiting[i].Reached.TrySetResult();
                    _waiting.RemoveAt(i);
                }
        }
    }

    /// <summary>The watermark will not move any more: tells those who wait, and whoever comes.</summary>
    public void End(Exception reason)
    {
        lock (_gate)
        {
            _ended = reason;
            foreach (var (_, reached) in _waiting)
                reached.TrySetException(reason);
            _waiting.Clear();
        }
    }

    /// <summary>Completes once the watermark covers the cut.</summary>
    public async Task WaitAsync(Cut cut, CancellationToken cancellationToken)
    {
        if (Watermark.Covers(cut))
            return;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            // Published between the check and the lock: nobody would wake this one.
            if (Watermark.Covers(cut))
                return;
            if (_ended is not null)
                throw _ended;
            _waiting.Add((cut, reached));
        }
        try
        {
            await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
                _waiting.RemoveAll(waiting => waiting.Reached == reached);
            throw;
        }
    }
}
