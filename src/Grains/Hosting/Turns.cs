namespace Kappa.Grains.Hosting;

/// <summary>Lets the calls of one reentrant grain take turns, in the order in which they ask. Not thread-safe: for use inside a grain, which is single-threaded.</summary>
internal sealed class Turns
{
    private Task _last = Task.CompletedTask;

    public bool IsFree => _last.IsCompleted;

    /// <summary>Waits for the turns of before, however they end, and then takes one.</summary>
    public async Task<T> TakeAsync<T>(Func<Task<T>> turn)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = _last;
        _last = over.Task;
        await before;
        try
        {
            return await turn();
        }
        finally
        {
            over.SetResult();
        }
    }
}
