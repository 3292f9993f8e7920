using Kappa.Log;

namespace Kappa.Grains.Auditing;

/// <summary>
/// The end of one partition as its auditor needs it. A log that several processes read knows its end in each of them only as long as somebody waits for
/// it there; so one wait is kept open. Used inside one grain.
/// </summary>
internal sealed class PartitionEnd(ILogReader log, int partition, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _growth = Task.CompletedTask;

    /// <summary>The sequence that the next event will get, as known here.</summary>
    public long Next => log.Next(partition);

    /// <summary>Opens a wait for the next event unless one is open, and calls once when it came. Fails as the wait before did.</summary>
    public Task FollowAsync(Action grown)
    {
        if (!_growth.IsCompleted)
            return Task.CompletedTask;
        var before = _growth;
        _growth = GrowthAsync(grown);
        return before;
    }

    /// <summary>Waits until the log goes up to a sequence here; false if the time was over first, or this was stopped.</summary>
    public async Task<bool> ReachedAsync(long next, TimeSpan wait)
    {
        if (next <= Next)
            return true;
        using var deadline = new CancellationTokenSource(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        try
        {
            await log.WaitAsync(partition, next - 1, either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends all waits.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private async Task GrowthAsync(Action grown)
    {
        await log.WaitAsync(partition, Next, _stop.Token);
        grown();
    }
}
