using Kappa.Log;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Kappa.Grains.Streams;

/// <summary>
/// Reads one partition for its streams, from where the log ends when it begins. Waits for the log instead of polling it. What came before it began, and
/// stretches that are too long for streams, it leaves to the auditors, and waits for them.
/// </summary>
internal sealed class LogStreamReceiver(ILogReader log, int partition, FanOut fanOut, BulkDelivery bulk, TimeProvider time, IDeliveries? deliveries) : IQueueAdapterReceiver, IDisposable
{
    private const int PageBytes = 1 << 20;

    private static readonly TimeSpan _waitMax = TimeSpan.FromSeconds(1);

    private readonly Queue<IBatchContainer> _ready = [];
    private readonly CancellationTokenSource _stop = new();
    private long _next = log.Next(partition);
    private long _tokens;

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        if (_ready.Count == 0)
            await ReadAsync();
        var batch = new List<IBatchContainer>();
        while (batch.Count < (maxCount < 0 ? int.MaxValue : maxCount) && _ready.TryDequeue(out var run))
            batch.Add(run);
        return batch;
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout)
    {
        _stop.Cancel();
        return Task.CompletedTask;
    }

    public void Dispose() => _stop.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            _next = await bulk.PassAsync(_next, () => log.Next(partition), _stop.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        using var deadline = new CancellationTokenSource(_waitMax, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        try
        {
            await log.WaitAsync(partition, _next, linked.Token);
        }
        catch (OperationCanceledException)
        {
            // Nothing came; a delivery that was held back may be due all the same.
        }
        using var page = await log.ReadAsync(partition, _next, PageBytes, CancellationToken.None);
        _next = page.Next;
        var runs = fanOut.Of(partition, page.Events);
        foreach (var run in deliveries is null ? runs : deliveries.Pass(partition, runs))
            _ready.Enqueue(new RunBatch(run.Stream, run.Events, new EventSequenceTokenV2(++_tokens)));
    }
}
