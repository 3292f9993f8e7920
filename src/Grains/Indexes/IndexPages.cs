using System.Runtime.InteropServices;

namespace Kappa.Grains.Indexes;

/// <summary>The entries of an index shard, and which page holds each. Knows nothing of storage. Not thread-safe.</summary>
internal sealed class IndexPages(int bytesMax)
{
    /// <summary>In place of a page for those that no page holds yet.</summary>
    private const long NoPage = -1;

    private readonly Dictionary<string, (IndexEntry Entry, long Page)> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<string>> _keys = [];
    private readonly HashSet<long> _outdated = [];

    public IEnumerable<IndexEntry> All => _entries.Values.Select(placed => placed.Entry);

    /// <summary>Takes a page as it is stored.</summary>
    public void Load(long page, List<IndexEntry> items)
    {
        _keys[page] = [.. items.Select(entry => entry.Key)];
        foreach (var entry in items)
            _entries[entry.Key] = (entry, page);
        // Small ones are written again together with others, or they would become ever more.
        if (items.Sum(entry => entry.Bytes) < bytesMax / 2)
            _outdated.Add(page);
    }

    /// <summary>Takes a change; the page that holds the entry is outdated by it.</summary>
    public void Put(IndexEntry entry)
    {
        ref var placed = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, entry.Key, out var isKnown);
        placed = (entry, isKnown ? placed.Page : NoPage);
        _outdated.Add(placed.Page);
        if (!isKnown)
            (CollectionsMarshal.GetValueRefOrAddDefault(_keys, NoPage, out _) ??= []).Add(entry.Key);
    }

    public bool IsOutdated(long page) => _outdated.Contains(page);

    /// <summary>What outdated pages and no page hold, as the pages that are to replace them.</summary>
    public List<List<IndexEntry>> Renewed() => IndexEntries.Split(_outdated.SelectMany(page => _keys[page]).Select(key => _entries[key].Entry), bytesMax);

    /// <summary>Notes that those were written, numbered from one on.</summary>
    public void Replace(long first, List<List<IndexEntry>> renewed)
    {
        foreach (var page in _outdated)
            _keys.Remove(page);
        _outdated.Clear();
        foreach (var items in renewed)
            Load(first++, items);
    }
}
