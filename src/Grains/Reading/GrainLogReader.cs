using System.Buffers;
using Kappa.Events;
using Kappa.Log;
using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>
/// The log through the silos, for a process that may not read it itself. Where partitions end is known to within <see cref="RefreshEvery"/>; what a
/// read or a wait tells is known at once. Asks for the first time when it is first used, which needs the cluster and blocks. Thread-safe.
/// </summary>
public sealed class GrainLogReader : ILogReader, IAppendMarks, IAsyncDisposable
{
    private readonly Lazy<ILogGrain> _grain;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _asking = new();
    private Task _refreshing = Task.CompletedTask;
    private LogEnds? _ends;

    public GrainLogReader(IGrainFactory grains, TimeProvider time)
    {
        _grain = new Lazy<ILogGrain>(() => grains.GetGrain<ILogGrain>(0));
        _time = time;
    }

    /// <summary>How old the known ends of partitions are at most while the silos answer.</summary>
    public static TimeSpan RefreshEvery { get; } = TimeSpan.FromMilliseconds(250);

    public long LogId => Ends.LogId;
    public int PartitionCount => Ends.Next.Length;
    public bool MayHoldDuplicates => Ends.MayHoldDuplicates;

    private ILogGrain Log => _grain.Value;

    private LogEnds Ends => Volatile.Read(ref _ends) ?? FirstEnds();

    public long First(int partition) => Ends.First[partition];

    public long Next(int partition) => Ends.Next[partition];

    public async ValueTask<long> EndAsync(int partition, CancellationToken cancellationToken = default)
    {
        Note(await Log.EndAsync(partition).WaitAsync(cancellationToken).ConfigureAwait(false));
        return Next(partition);
    }

    public async ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        if (from > Next(partition))
            Note(await Log.EndsAsync().WaitAsync(cancellationToken).ConfigureAwait(false));
        ArgumentOutOfRangeException.ThrowIfLessThan(from, First(partition));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Next(partition));
        var read = (await Log.ReadAsync(partition, from, bytesMax).WaitAsync(cancellationToken).ConfigureAwait(false)).Read();
        if (read.Count == 0)
            return LogPage.Empty(from);
        var events = ArrayPool<RecordedEvent>.Shared.Rent(read.Count);
        read.CopyTo(events);
        return new LogPage(null, events, read.Count, from + read.Count);
    }

    public async ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default)
    {
        while (Next(partition) <= sequence)
            Note(await Log.WaitAsync(partition, sequence).WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<long> ResolveAsync(AppendMark mark, CancellationToken cancellationToken = default)
    {
        while (true)
            if (await Log.ResolveAsync(mark.ToString()!).WaitAsync(cancellationToken).ConfigureAwait(false) is >= 0 and var next)
                return next;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private LogEnds FirstEnds()
    {
        lock (_asking)
        {
            if (_ends is { } known)
                return known;
            var ends = Task.Run(() => Log.EndsAsync()).GetAwaiter().GetResult();
            Volatile.Write(ref _ends, ends);
            _refreshing = Task.Run(RefreshAsync);
            return ends;
        }
    }

    private async Task RefreshAsync()
    {
        using var timer = new PeriodicTimer(RefreshEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                try
                {
                    Note(await Log.EndsAsync().WaitAsync(_stop.Token).ConfigureAwait(false));
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
        for (LogEnds known = Ends; ;)
        {
            var newest = ends with { First = [.. known.First.Zip(ends.First, Math.Max)], Next = [.. known.Next.Zip(ends.Next, Math.Max)] };
            if (Interlocked.CompareExchange(ref _ends, newest, known) is var before && before == known)
                return;
            known = before!;
        }
    }
}
