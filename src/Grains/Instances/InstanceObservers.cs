namespace Kappa.Grains.Instances;

/// <summary>Who is told of an instance's changes, each until its time is over. Not thread-safe.</summary>
internal sealed class InstanceObservers(TimeProvider time)
{
    /// <summary>How long an observer is told of changes after it asked.</summary>
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(30);

    private readonly Dictionary<IInstanceObserver, DateTimeOffset> _until = [];

    public bool Any => _until.Count > 0;

    public void Add(IInstanceObserver observer) => _until[observer] = time.GetUtcNow() + _lease;

    public void Remove(IInstanceObserver observer) => _until.Remove(observer);

    /// <summary>Tells all, without waiting for any: who misses a call notices at the next, or when it asks again.</summary>
    public void Tell(byte[] record)
    {
        if (_until.Count == 0)
            return;
        var now = time.GetUtcNow();
        foreach (var (observer, until) in _until)
            if (until < now)
                _until.Remove(observer);
            else
                _ = observer.ChangedAsync(record);
    }
}
