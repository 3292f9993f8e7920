namespace Kappa.Web.Dashboard;

/// <summary>
/// Tells any number of waiters that something changed, without a queue: a waiter that was away for many changes is
/// told once. Thread-safe.
/// </summary>
public sealed class Signal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _number;

    /// <summary>How many changes there were.</summary>
    public long Number => Interlocked.Read(ref _number);

    public void Raise()
    {
        TaskCompletionSource told;
        lock (_lock)
        {
            _number++;
            told = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        told.SetResult();
    }

    /// <summary>Completes once there were more changes than <paramref name="seen"/>; at once if there are already.</summary>
    public Task AfterAsync(long seen, CancellationToken cancellationToken)
    {
        lock (_lock)
            return _number > seen ? Task.CompletedTask : _next.Task.WaitAsync(cancellationToken);
    }
}
