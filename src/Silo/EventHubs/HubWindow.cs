using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// The newest events of a partition, one behind the other, as many as fit: all who follow the end of the log read from here,
/// however many they are, and the hub sees one reader. Thread-safe.
/// </summary>
internal sealed class HubWindow(long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly List<RecordedEvent[]> _chunks = [];
    private long _bytes;

    /// <summary>The sequence behind the newest event; -1 if there is none.</summary>
    public long Next { get; private set; } = -1;

    /// <summary>Adds events behind the newest. The oldest go, but never all.</summary>
    public void Add(RecordedEvent[] events)
    {
        lock (_lock)
        {
            if (Next >= 0 && events[0].Position.Sequence != Next)
                throw new InvalidOperationException($"The event at {events[0].Position} does not follow; the next is {Next}.");
            _chunks.Add(events);
            _bytes += Bytes(events);
            Next = events[^1].Position.Sequence + 1;
            while (_bytes > bytesMax && _chunks.Count > 1)
            {
                _bytes -= Bytes(_chunks[0]);
                _chunks.RemoveAt(0);
            }
        }
    }

    /// <summary>Forgets everything, as what comes next does not follow.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _chunks.Clear();
            (_bytes, Next) = (0, -1);
        }
    }

    /// <summary>A page that starts at a sequence; false if that is not here.</summary>
    public bool TryRead(long from, int pageBytesMax, [NotNullWhen(true)] out LogPage? page)
    {
        page = null;
        lock (_lock)
        {
            if (_chunks.Count == 0 || from < _chunks[0][0].Position.Sequence || from >= Next)
                return false;
            var first = _chunks.FindLastIndex(chunk => chunk[0].Position.Sequence <= from);
            page = Page(first, (int)(from - _chunks[first][0].Position.Sequence), pageBytesMax);
            return true;
        }
    }

    private LogPage Page(int chunk, int at, int bytesMax)
    {
        var events = new List<RecordedEvent>();
        for (var bytes = 0L; chunk < _chunks.Count && (events.Count == 0 || bytes < bytesMax); (chunk, at) = (chunk + 1, 0))
            for (; at < _chunks[chunk].Length && (events.Count == 0 || bytes < bytesMax); at++)
            {
                bytes += _chunks[chunk][at].Record.Length;
                events.Add(_chunks[chunk][at]);
            }
        return PageOf(events);
    }

    /// <summary>A page of events whose bytes nobody gives back.</summary>
    public static LogPage PageOf(List<RecordedEvent> events)
    {
        var rented = ArrayPool<RecordedEvent>.Shared.Rent(events.Count);
        events.CopyTo(rented);
        return new LogPage(null, rented, events.Count, events[^1].Position.Sequence + 1);
    }

    private static long Bytes(RecordedEvent[] events) => events.Sum(recorded => (long)recorded.Record.Length);
}
