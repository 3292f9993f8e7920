using Azure.Messaging.EventHubs;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// Asks the hub where a partition begins and ends. The service answers some 50 such questions a second for a whole namespace, so those who ask
/// while one is under way share the next: only one that was asked after they came tells them what they want to know. Thread-safe.
/// </summary>
internal sealed class HubEnd(IHub hub, string id)
{
    private readonly Lock _lock = new();
    private Task<PartitionProperties>? _asked, _next;

    /// <summary>What the hub says to a question that was put after this call.</summary>
    public Task<PartitionProperties> AskAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return (_asked is { IsCompleted: false } before ? _next ??= AskAfterAsync(before) : _asked = Task.Run(DescribeAsync, CancellationToken.None)).WaitAsync(cancellationToken);
    }

    private async Task<PartitionProperties> AskAfterAsync(Task before)
    {
        // Goes on elsewhere, so that this is the next one by the time it becomes the one under way.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
            (_asked, _next) = (_next, null);
        return await DescribeAsync();
    }

    private Task<PartitionProperties> DescribeAsync() => hub.DescribeAsync(id, CancellationToken.None).AsTask();
}
