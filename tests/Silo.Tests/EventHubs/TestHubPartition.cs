using Azure.Messaging.EventHubs;
using Kappa.Silo.EventHubs;

namespace Kappa.Tests.EventHubs;

/// <summary>One partition of a hub in memory.</summary>
internal sealed class TestHubPartition(TimeProvider time)
{
    private const int ReadersMax = 5;

    private readonly Lock _lock = new();
    private readonly List<EventData> _events = [];
    private long _first;
    private DateTimeOffset _last;
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many readers are open, and the most that were at once.</summary>
    public int Readers { get; private set; }

    public int ReadersSeen { get; private set; }

    /// <summary>How many readers began where there is nothing to begin with.</summary>
    public int Refused { get; private set; }

    public IReadOnlyList<EventData> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    public void Store(IEnumerable<EventData> events)
    {
        lock (_lock)
        {
            _last = time.GetUtcNow() is var now && now > _last ? now : _last;
            foreach (var data in events)
            {
                var stored = EventHubsModelFactory.EventData(new BinaryData(data.Body.ToArray()), new Dictionary<string, object>(data.Properties), null, null, _events.Count, $"{_events.Count * 100}", _last);
                stored.ContentType = data.ContentType;
                _events.Add(stored);
            }
            _arrived.SetResult();
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>What retention does.</summary>
    public void Trim(long first)
    {
        lock (_lock)
            _first = first;
    }

    public PartitionProperties Describe(string id)
    {
        lock (_lock)
            return EventHubsModelFactory.PartitionProperties("hub", id, _first == _events.Count, _first, _events.Count - 1, "0", _last);
    }

    /// <summary>The sequence that a reader begins with.</summary>
    /// <exception cref="ArgumentException">As the service says it: there is no such sequence yet.</exception>
    public long At(HubPosition from)
    {
        lock (_lock)
        {
            if (from.Enqueued is { } enqueued)
                return _events.FindIndex(data => data.EnqueuedTime >= enqueued) is var at and >= 0 ? at : _events.Count;
            if (from.Sequence >= _events.Count && ++Refused > 0)
                throw new ArgumentException($"The supplied sequence number '{from.Sequence}' is invalid. The last sequence number in the system is '{_events.Count - 1}'.");
            return from.Sequence is { } sequence ? from.IsInclusive ? sequence : sequence + 1 : 0;
        }
    }

    /// <summary>The events from a sequence on, or from where retention left them; else what to wait for.</summary>
    public (IReadOnlyList<EventData> Events, Task Arrived) Take(long from, int max)
    {
        lock (_lock)
        {
            var at = (int)Math.Max(from, _first);
            return at < _events.Count ? (_events.GetRange(at, Math.Min(max, _events.Count - at)), Task.CompletedTask) : ([], _arrived.Task);
        }
    }

    public void Enter()
    {
        lock (_lock)
        {
            if (Readers == ReadersMax)
                throw TestHub.Failure(EventHubsException.FailureReason.QuotaExceeded);
            ReadersSeen = Math.Max(ReadersSeen, ++Readers);
        }
    }

    public void Leave()
    {
        lock (_lock)
            Readers--;
    }
}
