using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>
/// A run of one partition as one shard sees it: the deliveries for its keys, and how far the run goes even if there are
/// none, so that every shard knows how far it has dealt with everything. Holds its page until it is disposed.
/// </summary>
internal sealed class DeliveryBatch<TState>(LogPage page, int partition, long from, bool behind, DeliveryLists<TState> lists) : IDisposable
    where TState : class, IViewState<TState>
{
    public LogPage Page { get; } = page;
    public int Partition { get; } = partition;

    /// <summary>The sequence of the first event of the run, and the one after its last.</summary>
    public long From { get; } = from;
    public long Next => Page.Next;

    /// <summary>True while the reader is far from the end of the log: fold in bulk.</summary>
    public bool Behind { get; } = behind;

    public List<Delivery<TState>> Deliveries { get; } = lists.Take();

    /// <summary>Events that could not be routed; every shard gets them.</summary>
    public List<UnroutableRecord>? Unroutable { get; set; }

    public void Dispose()
    {
        Page.Dispose();
        lists.Give(Deliveries);
    }
}
