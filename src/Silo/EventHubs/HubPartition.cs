using Azure.Messaging.EventHubs;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// One partition as it is read: at its end through <see cref="HubTail"/>, behind it through a few <see cref="HubRun"/>s
/// that readers share by taking turns. Thread-safe.
/// </summary>
internal sealed class HubPartition(IHub hub, int partition, string id, HubMapping mapping, EventHubLogOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turns = new(options.ReadersMax);
    private readonly HubEnd _end = new(hub, id);
    private readonly List<HubRun> _idle = [];
    private int _busy;
    private bool _closed;

    public HubTail Tail { get; } = new(hub, partition, id, mapping, options, time);

    public async ValueTask RefreshAsync(CancellationToken cancellationToken) => Tail.Observe(await _end.AskAsync(cancellationToken));

    /// <summary>Where the partition ends, asked of the hub.</summary>
    public ValueTask<long> EndAsync(CancellationToken cancellationToken) =>
        HubRetry.AskAsync(hub, $"be asked where partition {partition} ends", options, time, async () =>
        {
            await RefreshAsync(cancellationToken);
            return Tail.Next;
        }, cancellationToken);

    /// <summary>Closes readers that nobody has used for long.</summary>
    public ValueTask CloseIdleAsync() => CloseIdleAsync(options.IdleAfter);

    public async ValueTask<LogPage> ReadAsync(long from, int bytesMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        return await HubRetry.AskAsync(hub, $"be read in partition {partition} from sequence {from} on", options, time, async () =>
        {
            // Somebody may know more than we were told so far.
            if (from > Tail.Next)
                await RefreshAsync(cancellationToken);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Tail.Next);
            ArgumentOutOfRangeException.ThrowIfLessThan(from, Tail.First);
            if (from == Tail.Next)
                return LogPage.Empty(from);
            return Tail.TryRead(from, bytesMax, out var page) ? page : await BehindAsync(from, bytesMax, cancellationToken);
        }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Tail.DisposeAsync();
        HubRun[] idle;
        lock (_idle)
        {
            _closed = true;
            idle = [.. _idle];
            _idle.Clear();
        }
        foreach (var run in idle)
            await run.DisposeAsync();
    }

    private async ValueTask CloseIdleAsync(TimeSpan after)
    {
        var idle = new List<HubRun>();
        lock (_idle)
            for (var i = _idle.Count - 1; i >= 0; i--)
                if (time.GetElapsedTime(_idle[i].Used) >= after)
                {
                    idle.Add(_idle[i]);
                    _idle.RemoveAt(i);
                }
        // One that fails to close must not keep the others open.
        await Task.WhenAll(idle.Select(run => run.DisposeAsync().AsTask()));
    }

    private async ValueTask<LogPage> BehindAsync(long from, int bytesMax, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        HubRun? run = null;
        try
        {
            run = await TakeAsync(from, bytesMax);
            var page = await run.ReadAsync(bytesMax, cancellationToken);
            run = Keep(run);
            return page;
        }
        catch (EventHubsException e) when (e.Reason == EventHubsException.FailureReason.QuotaExceeded)
        {
            // All places of the consumer group are taken; those that this process has without need may be all that is missing.
            await CloseIdleAsync(TimeSpan.Zero);
            throw;
        }
        finally
        {
            try
            {
                if (run is not null)
                    await run.DisposeAsync();
            }
            finally
            {
                lock (_idle)
                    _busy--;
                _turns.Release();
            }
        }
    }

    /// <summary>The run that stands there, or a new one; then one that stands elsewhere makes room.</summary>
    private async ValueTask<HubRun> TakeAsync(long from, int bytesMax)
    {
        HubRun? run, other = null;
        lock (_idle)
        {
            _busy++;
            run = _idle.Find(one => one.Next == from);
            if (run is not null)
                _idle.Remove(run);
            else if (_idle.Count + _busy > options.ReadersMax)
                _idle.Remove(other = _idle.MinBy(one => one.Used)!);
        }
        if (other is not null)
            await other.DisposeAsync();
        return run ?? new HubRun(hub, partition, id, mapping, Tail, options, from, bytesMax);
    }

    /// <summary>
    /// Null if it is kept for the next page; else it must be closed. One that has come to the end has no next page there that the tail does not have,
    /// and who reads single events goes elsewhere next: neither may keep a place from other processes.
    /// </summary>
    private HubRun? Keep(HubRun run)
    {
        run.Used = time.GetTimestamp();
        lock (_idle)
        {
            if (_closed || run.IsForOne || run.Next >= Tail.Next)
                return run;
            _idle.Add(run);
            return null;
        }
    }
}
