using System.Buffers;
using Kappa.Events;
using Kappa.Log;
using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>
/// The log through the silos, for a process that may not read it itself. Where partitions end is known to within <see cref="RefreshEvery"/>; what a
/// read or a wait tells is known at once. Open it when the cluster is there. Thread-safe.
/// </summary>
public sealed class GrainLogReader : ILogReader, IAppendMarks, IAsyncDisposable
{
    private readonly ILogGrain _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _refreshing;
    private LogEnds _ends;

    private GrainLogReader(ILogGrain log, LogEnds ends, TimeProvider time)
    {
        (_log, _ends) = (log, ends);
        _refreshing = Task.Run(() => RefreshAsync(time));
    }

    /// <summary>How old the known ends of partitions are at most while the silos answer.</summary>
    public static TimeSpan RefreshEvery { get; } = TimeSpan.FromMilliseconds(250);

    public long LogId => Ends.LogId;
    public int PartitionCount => Ends.Next.Length;
    public bool MayHoldDuplicates => Ends.MayHoldDuplicates;

    private LogEnds Ends => Volatile.Read(ref _ends);

    public static async Task<GrainLogReader> OpenAsync(IGrainFactory grains, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(grains);
        var log = grains.GetGrain<ILogGrain>(0);
        return new GrainLogReader(log, await log.EndsAsync().ConfigureAwait(false), time);
    }

    public long First(int partition) => Ends.First[partition];

    public long Next(int partition) => Ends.Next[partition];

    public async ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        if (from > Next(partition))
            Note(await _log.EndsAsync().WaitAsync(cancellationToken).ConfigureAwait(false));
        ArgumentOutOfRangeException.ThrowIfLessThan(from, First(partition));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Next(partition));
        var read = (await _log.ReadAsync(partition, from, bytesMax).WaitAsync(cancellationToken).ConfigureAwait(false)).Read();
        if (read.Count == 0)
            return LogPage.Empty(from);
        var events = ArrayPool<RecordedEvent>.Shared.Rent(read.Count);
        read.CopyTo(events);
        return new LogPage(null, events, read.Count, from + read.Count);
    }

    public async ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default)
    {
        while (Next(partition) <= sequence)
            Note(await _log.WaitAsync(partition, sequence).WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<long> ResolveAsync(AppendMark mark, CancellationToken cancellationToken = default)
    {
        while (true)
            if (await _log.ResolveAsync(mark.ToString()!).WaitAsync(cancellationToken).ConfigureAwait(false) is >= 0 and var next)
                return next;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RefreshAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(RefreshEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                try
                {
                    Note(await _log.EndsAsync().WaitAsync(_stop.Token).ConfigureAwait(false));
                }
#pragma warning disable CA1031 // Silos come and go; the next round asks again.
                catch (Exception) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    continue;
                }
        }
        catch (OperationCanceledException)
        {
            // Closing is how it ends.
        }
    }

    /// <summary>Ends never go back, whichever answer comes last.</summary>
    private void Note(LogEnds ends)
    {
        for (var known = Ends; ;)
        {
            var newest = ends with { First = [.. known.First.Zip(ends.First, Math.Max)], Next = [.. known.Next.Zip(ends.Next, Math.Max)] };
            if (Interlocked.CompareExchange(ref _ends, newest, known) is var before && before == known)
                return;
            known = before;
        }
    }
}
