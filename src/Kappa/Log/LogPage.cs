using System.Buffers;
using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// A run of recorded events over one pooled buffer. Counted references: each holder that keeps events of it beyond the
/// call that got it retains it and disposes once; with the last one the buffer goes back to the pool and its events
/// must not be touched any more.
/// </summary>
public sealed class LogPage : IDisposable
{
    private readonly byte[]? _buffer;
    private RecordedEvent[] _events;
    private int _holders = 1;

    /// <summary>Takes over <paramref name="pooledBuffer"/> (null if the memory is not pooled) and
    /// <paramref name="pooledEvents"/>, both rented from the shared pools.</summary>
    public LogPage(byte[]? pooledBuffer, RecordedEvent[] pooledEvents, int count, long next)
    {
        _buffer = pooledBuffer;
        _events = pooledEvents;
        Count = count;
        Next = next;
    }

    public static LogPage Empty(long next) => new(null, [], 0, next);

    public int Count { get; }

    /// <summary>The sequence after the last event of this page: where to read on.</summary>
    public long Next { get; }

    public ReadOnlySpan<RecordedEvent> Events => _events.AsSpan(0, Count);

    public void Retain() => Interlocked.Increment(ref _holders);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        var events = _events;
        _events = [];
        if (events.Length > 0)
            ArrayPool<RecordedEvent>.Shared.Return(events, clearArray: true);
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
    }
}
