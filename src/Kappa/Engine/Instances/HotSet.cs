using System.Diagnostics.CodeAnalysis;
using Kappa.Views;

namespace Kappa.Engine.Instances;

/// <summary>
/// The instances a shard has in memory, bounded by their estimated size: when it is over the bound, the clock hand
/// goes round and drops clean ones that were not used since it last came by.
/// </summary>
internal sealed class HotSet<TState>(long bytesMax) where TState : class, IViewState<TState>
{
    private readonly List<HotInstance<TState>> _ring = [];
    private long _bytes;
    private int _hand;
    private int _kept;
    private long _eventsMin;

    public bool TryGet(InstanceEntry entry, [NotNullWhen(true)] out HotInstance<TState>? hot)
    {
        // A number leads to it, since a reference from each entry would make the collector look at each entry that was used.
        hot = entry.Slot < 0 ? null : _ring[entry.Slot];
        return hot is not null;
    }

    public void Add(HotInstance<TState> hot)
    {
        hot.Entry.Slot = _ring.Count;
        _ring.Add(hot);
        _bytes += hot.Bytes;
    }

    /// <summary>The instance is now taken to occupy so much.</summary>
    public void Resize(HotInstance<TState> hot, int bytes)
    {
        _bytes += bytes - hot.Bytes;
        hot.Bytes = bytes;
    }

    /// <summary>Puts another object in the place of an instance that was loaded anew.</summary>
    public void Replace(HotInstance<TState> old, HotInstance<TState> with)
    {
        _ring[old.Entry.Slot] = with;
        _bytes += with.Bytes - old.Bytes;
    }

    /// <summary>Drops instances until the bound is kept. Call it when none is dirty.</summary>
    public void Sweep()
    {
        while (_bytes > bytesMax && _ring.Count > 0)
        {
            _hand = _hand < _ring.Count ? _hand : 0;
            var hot = _ring[_hand];
            if (hot.Used)
            {
                hot.Used = false;
                _hand++;
                continue;
            }
            Drop(_hand);
        }
    }

    /// <summary>
    /// Keeps a much smaller bound for a while: those with the most events stay, which are the likeliest to get the next one. What
    /// stays and what goes changes little then, so that nearly all that is loaded dies young.
    /// </summary>
    public void KeepBusiest(long bytesMaxNow)
    {
        for (var from = Math.Min(_kept, _ring.Count); _bytes > bytesMaxNow && _ring.Count > 0; from = 0)
        {
            for (var i = _ring.Count - 1; i >= from; i--)
                if (_ring[i].Instance.Version < _eventsMin)
                    Drop(i);
            if (_bytes > bytesMaxNow)
                _eventsMin = Math.Max(2, _eventsMin + _eventsMin / 4 + 1);
        }
        _kept = _ring.Count;
    }

    private void Drop(int slot)
    {
        var (hot, last) = (_ring[slot], _ring[^1]);
        _ring[last.Entry.Slot = slot] = last;
        _ring.RemoveAt(_ring.Count - 1);
        hot.Entry.Slot = -1;
        _bytes -= hot.Bytes;
    }
}
