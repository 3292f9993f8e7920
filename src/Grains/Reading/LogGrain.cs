using Kappa.Grains.Streams;
using Kappa.Log;
using Orleans;
using Orleans.Concurrency;

namespace Kappa.Grains.Reading;

/// <summary>See <see cref="ILogGrain"/>.</summary>
[StatelessWorker, Reentrant]
internal sealed class LogGrain(ILogReader log, TimeProvider time) : Grain, ILogGrain
{
    private const int BytesMax = 4 << 20;

    private static readonly TimeSpan _waitMax = TimeSpan.FromSeconds(10);

    public Task<LogEnds> EndsAsync()
    {
        var partitions = Enumerable.Range(0, log.PartitionCount);
        return Task.FromResult(new LogEnds(log.LogId, [.. partitions.Select(log.First)], [.. partitions.Select(log.Next)], log.MayHoldDuplicates));
    }

    public async Task<LogEnds> EndAsync(int partition)
    {
        await log.EndAsync(partition);
        return await EndsAsync();
    }

    public async Task<EventRun> ReadAsync(int partition, long from, int bytesMax)
    {
        using var page = await log.ReadAsync(partition, from, Math.Min(bytesMax, BytesMax));
        return EventRun.Of(partition, page.Events, [.. Enumerable.Range(0, page.Count)]);
    }

    public async Task<LogEnds> WaitAsync(int partition, long sequence)
    {
        using var deadline = new CancellationTokenSource(_waitMax, time);
        try
        {
            await log.WaitAsync(partition, sequence, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked asks again.
        }
        return await EndsAsync();
    }

    public async Task<long> ResolveAsync(string mark)
    {
        if (log is not IAppendMarks marks || !AppendMark.TryParse(mark, out var parsed))
            throw new InvalidOperationException("The receipt is of another log.");
        using var deadline = new CancellationTokenSource(_waitMax, time);
        try
        {
            return await marks.ResolveAsync(parsed, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return -1;
        }
    }
}
