using System.Buffers.Binary;

namespace Kappa.Silo.EventHubs;

/// <summary>Where the events of recent appends of a partition stand. Bounded; thread-safe.</summary>
internal sealed class HubMarks
{
    private const int KeptMax = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, long> _first = [];
    private readonly Queue<Guid> _order = [];
    private Func<Exception>? _end;
    private readonly Dictionary<Guid, List<Waiter>> _waiters = [];

    /// <summary>Takes note of an event that was sent by an append. The first one that is seen counts.</summary>
    public void Seen(Guid append, long sequence)
    {
        List<Waiter>? waiters;
        lock (_lock)
        {
            if (!_first.TryAdd(append, sequence))
                return;
            _order.Enqueue(append);
            if (_order.Count > KeptMax)
                _first.Remove(_order.Dequeue());
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

    /// <summary>Completes with the sequence of the first event of an append, once it was seen.</summary>
    public async ValueTask<long> FirstAsync(Guid append, CancellationToken cancellationToken)
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
