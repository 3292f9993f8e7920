using Kappa.Log;

namespace Kappa.Engine.Folding;

/// <summary>
/// How fast rebuilds go. While nothing is appended, at full speed; while something is, all rebuilds together take about a share
/// of one processor, in small steps, so that live views keep their latency. Thread-safe.
/// </summary>
internal sealed class RebuildPace(ILogReader log, double share, TimeProvider time) : IDisposable
{
    /// <summary>So long after the last append a log counts as idle.</summary>
    private static readonly TimeSpan _idleAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>A run that is folded in about half a millisecond.</summary>
    private const int GentleRunBytes = 64 << 10;

    private readonly SemaphoreSlim _turn = new(1);
    private long _end = End(log);
    private long _movedAt;
    private volatile bool _moved;

    /// <summary>True while something is appended, so that rebuilds must go gently.</summary>
    public bool IsGentle
    {
        get
        {
            var end = End(log);
            if (Interlocked.Exchange(ref _end, end) != end)
            {
                Interlocked.Exchange(ref _movedAt, time.GetTimestamp());
                _moved = true;
            }
            return _moved && share < 1 && time.GetElapsedTime(Interlocked.Read(ref _movedAt)) < _idleAfter;
        }
    }

    /// <summary>How much to read at once.</summary>
    public int RunBytes(int full) => IsGentle ? Math.Min(full, GentleRunBytes) : full;

    /// <summary>Takes a step, alone among all rebuilds if it must be gentle, and rests after it in proportion.</summary>
    public async ValueTask StepAsync(Func<ValueTask> step, CancellationToken cancellationToken)
    {
        if (!IsGentle)
        {
            await step().ConfigureAwait(false);
            return;
        }
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var started = time.GetTimestamp();
            await step().ConfigureAwait(false);
            // Reading and routing is done here, folding about as long again by the shards.
            var rest = 2 * time.GetElapsedTime(started) * (1 / share - 1);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(rest.TotalMilliseconds, 1, 250)), time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static long End(ILogReader log)
    {
        var end = 0L;
        for (var p = 0; p < log.PartitionCount; p++)
            end += log.Next(p);
        return end;
    }
}
