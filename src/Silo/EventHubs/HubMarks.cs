using System.Buffers.Binary;

namespace Kappa.Silo.EventHubs;

/// <summary>Where the events of recent appends of a partition stand, and since when it holds all of them. Bounded; thread-safe.</summary>
internal sealed class HubMarks(int keptMax)
{
    /// <summary>Ids tell their time by the millisecond.</summary>
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, long> _first = [];
    private readonly Queue<Guid> _order = [];
    private Func<Exception>? _end;
    private readonly Dictionary<Guid, List<Waiter>> _waiters = [];
    private DateTimeOffset _since = DateTimeOffset.MaxValue, _forgotten = DateTimeOffset.MinValue;

    /// <summary>Takes note of an event that was sent by an append. The first one that is seen counts.</summary>
    public void Seen(Guid append, long sequence)
    {
        List<Waiter>? waiters;
        lock (_lock)
        {
            if (!_first.TryAdd(append, sequence))
                return;
            _order.Enqueue(append);
            if (_order.Count > keptMax)
                Forget(_order.Dequeue());
            _waiters.Remove(append, out waiters);
        }
        foreach (var waiter in waiters ?? [])
            waiter.TrySetResult(sequence);
    }

    public bool TryGet(Guid append, out long first)
    {
        lock (_lock)
            return _first.TryGetValue(append, out first);
    }

    /// <summary>Whether an append would be here, or is yet to come, if the hub took it at a time or later.</summary>
    /// <param name="made">When its id was made.</param>
    public bool Covers(DateTimeOffset made, DateTimeOffset from)
    {
        lock (_lock)
            return from >= _since && made > _forgotten;
    }

    /// <summary>Everything that the hub took from a time on was seen, or will be when it comes.</summary>
    public void SeenFrom(DateTimeOffset time)
    {
        lock (_lock)
            _since = time;
    }

    /// <summary>What was forgotten is about to be looked for: only what is forgotten from here on will be missing then. Until it was found nothing so old is covered.</summary>
    public void LookAgain()
    {
        lock (_lock)
        {
            if (_forgotten >= _since)
                _since = _forgotten + _step;
            _forgotten = DateTimeOffset.MinValue;
        }
    }

    /// <summary>Completes with the sequence of the first event of an append, once it was seen.</summary>
    public async Task<long> FirstAsync(Guid append, CancellationToken cancellationToken)
    {
        var waiter = new Waiter();
        lock (_lock)
        {
            if (_first.TryGetValue(append, out var first))
                return first;
            if (_end is not null)
                throw _end();
            if (!_waiters.TryGetValue(append, out var waiters))
                _waiters.Add(append, waiters = []);
            waiters.Add(waiter);
        }
        try
        {
            return await waiter.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Leave(append, waiter);
            throw;
        }
    }

    /// <summary>Fails all who wait now or later for what was not seen.</summary>
    public void End(Func<Exception> reason)
    {
        Waiter[] waiters;
        lock (_lock)
        {
            _end ??= reason;
            waiters = [.. _waiters.Values.SelectMany(list => list)];
            _waiters.Clear();
        }
        foreach (var waiter in waiters)
            waiter.TrySetException(reason());
    }

    /// <summary>It must be looked for again if anybody asks, and its id tells from when.</summary>
    private void Forget(Guid append)
    {
        _first.Remove(append);
        if (TimeOf(append) is { } made && made > _forgotten)
            _forgotten = made;
    }

    private void Leave(Guid append, Waiter waiter)
    {
        lock (_lock)
            if (_waiters.TryGetValue(append, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0)
                _waiters.Remove(append);
    }

    /// <summary>When an id was made, if it tells (UUID version 7).</summary>
    public static DateTimeOffset? TimeOf(Guid append)
    {
        if (append.Version != 7)
            return null;
        Span<byte> bytes = stackalloc byte[16];
        append.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16));
    }

    private sealed class Waiter() : TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
}
