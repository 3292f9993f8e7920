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

    public void Add(HotInstance<TState> hot)
    {
        hot.Entry.Hot = hot;
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
        _ring[_ring.IndexOf(old)] = with;
        with.Entry.Hot = with;
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
            hot.Entry.Hot = null;
            _bytes -= hot.Bytes;
            _ring[_hand] = _ring[^1];
            _ring.RemoveAt(_ring.Count - 1);
        }
    }
}
