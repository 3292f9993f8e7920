using System.Collections.Concurrent;
using Kappa.Views;

namespace Kappa.Engine.Watching;

/// <summary>Who watches which key of a shard. Thread-safe.</summary>
internal sealed class WatcherSet
{
    private readonly ConcurrentDictionary<string, Watcher[]> _byKey = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Exception? _ended;

    public bool IsEmpty => _byKey.IsEmpty;

    public bool Has(string key) => !_byKey.IsEmpty && _byKey.ContainsKey(key);

    public Watcher Add(string key)
    {
        var watcher = new Watcher();
        lock (_gate)
        {
            if (_ended is not null)
                watcher.End(_ended);
            else
                _byKey[key] = _byKey.TryGetValue(key, out var watchers) ? [.. watchers, watcher] : [watcher];
        }
        return watcher;
    }

    public void Remove(string key, Watcher watcher)
    {
        lock (_gate)
            if (_byKey.TryGetValue(key, out var watchers))
            {
                var left = Array.FindAll(watchers, other => other != watcher);
                if (left.Length > 0)
                    _byKey[key] = left;
                else
                    _byKey.TryRemove(key, out _);
            }
    }

    public void Push(ViewEnvelope envelope)
    {
        if (_byKey.TryGetValue(envelope.Key, out var watchers))
            foreach (var watcher in watchers)
                watcher.Offer(envelope);
    }

    /// <summary>Ends all watches, present and future.</summary>
    public void End(Exception reason)
    {
        lock (_gate)
        {
            _ended = reason;
            foreach (var watcher in _byKey.Values.SelectMany(watchers => watchers))
                watcher.End(reason);
            _byKey.Clear();
        }
    }
}
