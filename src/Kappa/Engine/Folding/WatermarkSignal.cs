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
        lock (_gate)
        {
            // Whoever publishes last may have looked first: the mark of a partition never goes back.
            watermark = Cut.Max(watermark, _watermark);
            Volatile.Write(ref _watermark, watermark);
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

    /// <summary>
    /// Moves one partition's mark over a run in which nothing was to be done, if everything before it is published; if not,
    /// the commit that publishes it sees to that.
    /// </summary>
    public void PassOver(int partition, long from, long next)
    {
        lock (_gate)
            if (_watermark[partition] == from && next > from)
                Publish(_watermark.With(partition, next));
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
