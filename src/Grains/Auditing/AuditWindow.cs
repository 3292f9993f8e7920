using Kappa.Events;
using Kappa.Grains.Streams;
using Kappa.Log;

namespace Kappa.Grains.Auditing;

/// <summary>A stretch of a partition, and which of its events each instance must have. Holds the pages that these stand on until disposed.</summary>
internal sealed class AuditWindow(int partition, long from) : IDisposable
{
    private readonly List<LogPage> _pages = [];
    private readonly List<RecordedEvent> _events = [];
    private readonly Dictionary<string, List<int>> _places = new(StringComparer.Ordinal);
    private int _onPages;

    public long From { get; } = from;
    public long Next { get; private set; } = from;
    public List<HeldAtView> Held { get; } = [];
    public IReadOnlyCollection<string> Keys => _places.Keys;

    /// <summary>The bytes of all events on the pages that are held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes over a page whose events were noted, and goes on behind it. One that no instance needs an event of is not held.</summary>
    public void Add(LogPage page)
    {
        Next = page.Next;
        if (_events.Count == _onPages)
        {
            page.Dispose();
            return;
        }
        _onPages = _events.Count;
        _pages.Add(page);
        foreach (ref readonly var recorded in page.Events)
            Bytes += recorded.Record.Length;
    }

    /// <summary>Notes an event for the instances that it goes to; its page is to be added next.</summary>
    public void Add(in RecordedEvent recorded, in Views.RoutedKeys keys)
    {
        var place = _events.Count;
        _events.Add(recorded);
        for (var k = 0; k < keys.Count; k++)
            Of(keys[k]).Add(place);
    }

    /// <summary>An instance that must be asked though the window has no event for it: it may have one that it must not have.</summary>
    public void Ask(in Views.RoutedKeys keys)
    {
        for (var k = 0; k < keys.Count; k++)
            Of(keys[k]);
    }

    public AuditQuestion Question(string key, bool withEvents)
    {
        var places = _places[key];
        var sequences = new long[places.Count];
        for (var i = 0; i < sequences.Length; i++)
            sequences[i] = _events[places[i]].Position.Sequence;
        return new AuditQuestion(partition, From, Next, sequences, withEvents
            ? EventRun.Of(partition, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_events), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(places))
            : null);
    }

    public void Dispose()
    {
        foreach (var page in _pages)
            page.Dispose();
    }

    private List<int> Of(string key) => _places.TryGetValue(key, out var places) ? places : _places[key] = [];
}
