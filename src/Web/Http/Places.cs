namespace Kappa.Web.Http;

/// <summary>A bounded number of places (watches, bytes); taking one never waits. Thread-safe.</summary>
public class Places(long max)
{
    private long _taken;

    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Takes places; false, and nothing taken, if there are not that many.</summary>
    public bool TryTake(long count = 1)
    {
        if (Interlocked.Add(ref _taken, count) <= max)
            return true;
        Interlocked.Add(ref _taken, -count);
        return false;
    }

    public void GiveBack(long count = 1) => Interlocked.Add(ref _taken, -count);
}
