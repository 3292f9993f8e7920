namespace Kappa.Log;

/// <summary>
/// Tells readers that a partition has grown. Nobody polls: a waiter sleeps until its sequence is there, it is cancelled, or
/// the partition ends. Waiters never run on the thread that signals. Thread-safe.
/// </summary>
internal sealed class TailSignal(long next)
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];
    private readonly List<Waiter> _ready = [];
    private long _next = next;
    private Func<Exception>? _end;

    public long Next => Volatile.Read(ref _next);

    /// <summary>Called by the partition's one writer.</summary>
    public void Publish(long next)
    {
        lock (_lock)
        {
            Volatile.Write(ref _next, next);
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Sequence >= next)
                    continue;
                _ready.Add(_waiters[i]);
                _waiters[i] = _waiters[^1];
                _waiters.RemoveAt(_waiters.Count - 1);
            }
        }
        foreach (var waiter in _ready)
            waiter.TrySetResult();
        _ready.Clear();
    }

    /// <summary>Fails everybody who waits now or later for what will not come. The first reason stays.</summary>
    public void End(Func<Exception> reason)
    {
        Waiter[] waiters;
        lock (_lock)
        {
            _end ??= reason;
            waiters = [.. _waiters];
            _waiters.Clear();
        }
        foreach (var waiter in waiters)
            waiter.TrySetException(reason());
    }

    public ValueTask WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (sequence < Next)
            return default;
        var waiter = new Waiter(sequence);
        lock (_lock)
        {
            if (sequence < _next)
                return default;
            if (_end is not null)
                return ValueTask.FromException(_end());
            _waiters.Add(waiter);
        }
        return new ValueTask(cancellationToken.CanBeCanceled ? CancellableAsync(waiter, cancellationToken) : waiter.Task);
    }

    private async Task CancellableAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => Cancel(waiter, cancellationToken));
        await waiter.Task.ConfigureAwait(false);
    }

    private void Cancel(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
            _waiters.Remove(waiter);
        waiter.TrySetCanceled(cancellationToken);
    }

    private sealed class Waiter(long sequence) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Sequence { get; } = sequence;
    }
}
