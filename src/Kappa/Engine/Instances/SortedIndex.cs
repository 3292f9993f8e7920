namespace Kappa.Engine.Instances;

/// <summary>
/// An ordered index that is built when somebody first asks and then kept up to date; after a commit that changes much
/// of it, it is dropped instead and built again at the next question, which is cheaper than many single changes: so a
/// view that catches up pays nothing for indexes nobody reads. Guarded by its owner's lock.
/// </summary>
internal sealed class SortedIndex<TItem>(Func<IEnumerable<TItem>> all) where TItem : IComparable<TItem>
{
    private SortedSet<TItem>? _items;

    /// <summary>Says that so many changes are coming; drops the index if building it anew costs less.</summary>
    public void Expect(int changes)
    {
        if (_items is not null && changes > 1_000 + _items.Count / 8)
            _items = null;
    }

    public void Add(TItem item) => _items?.Add(item);

    public void Remove(TItem item) => _items?.Remove(item);

    /// <summary>The items from <paramref name="from"/> on, in order; lazily, so enumerate it under the lock.</summary>
    public IEnumerable<TItem> From(TItem from)
    {
        var items = Built();
        return items.Count == 0 || items.Max!.CompareTo(from) < 0 ? [] : items.GetViewBetween(from, items.Max);
    }

    public IEnumerable<TItem> All => Built();

    private SortedSet<TItem> Built() => _items ??= new SortedSet<TItem>(all());
}
