namespace Kappa.Grains.Hosting;

/// <summary>Tells all who wait that something has moved. Not thread-safe: for use inside a grain.</summary>
internal sealed class Moves
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next move.</summary>
    public Task Next => _next.Task;

    public void Tell()
    {
        var now = _next;
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        now.SetResult();
    }
}
