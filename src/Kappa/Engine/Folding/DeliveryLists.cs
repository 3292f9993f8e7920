using System.Collections.Concurrent;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>Lists of deliveries that go round between a feed and its shards, so that runs allocate none. Thread-safe.</summary>
internal sealed class DeliveryLists<TState> where TState : class, IViewState<TState>
{
    private readonly ConcurrentQueue<List<Delivery<TState>>> _free = new();

    public List<Delivery<TState>> Take() => _free.TryDequeue(out var list) ? list : [];

    public void Give(List<Delivery<TState>> list)
    {
        list.Clear();
        _free.Enqueue(list);
    }
}
