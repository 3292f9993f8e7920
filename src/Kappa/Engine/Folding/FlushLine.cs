namespace Kappa.Engine.Folding;

/// <summary>
/// Has the stores of an engine flush one after the other. Together they would keep the device busy for so long that the
/// log's own flushes, which appends wait for, stand behind all of them. Thread-safe.
/// </summary>
internal sealed class FlushLine
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Flushes on another thread when those before have ended, however they did.</summary>
    public Task Add(Action flush)
    {
        lock (_lock)
            return _last = _last.ContinueWith(_ => flush(), CancellationToken.None, TaskContinuationOptions.RunContinuationsAsynchronously, TaskScheduler.Default);
    }
}
