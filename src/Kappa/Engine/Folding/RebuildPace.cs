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

    /// <summary>A run that is folded in about a millisecond.</summary>
    public const int GentleRunBytes = 32 << 10;

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

    /// <summary>Waits until no other rebuild takes a step.</summary>
    public async ValueTask<RebuildTurn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new RebuildTurn(_turn, share, time);
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
