using StableHash = Kappa.Log.StableHash;
using System.Globalization;
using Kappa.Grains.Instances;

namespace Kappa.Grains.Indexes;

/// <summary>
/// An index shard in grain storage: changes go to a journal, one document a write; every so many of them the pages that changed are written and
/// the journal begins anew. So a change costs about its own size, and reading all back takes the pages and a short journal. Not thread-safe.
/// </summary>
internal sealed class IndexStore(GrainDocuments documents)
{
    /// <summary>After so many journals the pages are written.</summary>
    public const int JournalsMax = 64;

    private const int Pages = 64;
    private const int JournalItems = 2_000;

    private readonly HashSet<int> _dirty = [];
    private readonly Dictionary<string, IndexEntry>[] _pages = [.. Enumerable.Range(0, Pages).Select(_ => new Dictionary<string, IndexEntry>(StringComparer.Ordinal))];
    private IndexHead _head = new();
    private long _next;

    public IEnumerable<IndexEntry> All => _pages.SelectMany(page => page.Values);

    public async Task LoadAsync()
    {
        _head = await documents.ReadAsync<IndexHead>("head");
        var pages = await Task.WhenAll(Enumerable.Range(0, Pages).Select(page => documents.ReadAsync<IndexEntries>(PageName(page))));
        for (var page = 0; page < Pages; page++)
            foreach (var entry in pages[page].Items)
                _pages[page][entry.Key] = entry;
        for (_next = _head.First; await documents.FindAsync<IndexEntries>(JournalName(_next)) is { Items: { Count: > 0 } items }; _next++)
            foreach (var entry in items)
                Put(entry);
        // They go in order; if the last is there still, a silo was lost while they went.
        if (_head.Gone < _head.First && await documents.FindAsync<IndexEntries>(JournalName(_head.First - 1)) is not null)
            await ClearAsync(_head.Gone, _head.First);
    }

    /// <exception cref="Orleans.Storage.InconsistentStateException">Another activation has written meanwhile: then what is in memory is out of date.</exception>
    public async Task AddAsync(IReadOnlyList<IndexEntry> entries)
    {
        foreach (var part in entries.Chunk(JournalItems))
        {
            // Never over what stands there: that may be of another activation that believes to be the only one.
            await documents.AddAsync(JournalName(_next), new IndexEntries { Items = [.. part] });
            _next++;
            foreach (var entry in part)
                Put(entry);
        }
        if (_next - _head.First >= JournalsMax)
            await CompactAsync();
    }

    public async Task ClearAsync()
    {
        for (var page = 0; page < Pages; page++)
            await documents.ClearAsync<IndexEntries>(PageName(page));
        await ClearAsync(_head.First, _next);
        await documents.ClearAsync<IndexHead>("head");
    }

    private async Task CompactAsync()
    {
        foreach (var page in _dirty)
            await documents.WriteAsync(PageName(page), new IndexEntries { Items = [.. _pages[page].Values] });
        _dirty.Clear();
        var (from, to) = (_head.First, _next);
        var head = new IndexHead { First = to, Gone = from };
        await documents.WriteAsync("head", head);
        _head = head;
        await ClearAsync(from, to);
    }

    private async Task ClearAsync(long from, long to)
    {
        for (var journal = from; journal < to; journal++)
            await documents.ClearAsync<IndexEntries>(JournalName(journal));
    }

    private void Put(IndexEntry entry)
    {
        var page = (int)(StableHash.Of(System.Text.Encoding.UTF8.GetBytes(entry.Key), 2) % Pages);
        _pages[page][entry.Key] = entry;
        _dirty.Add(page);
    }

    private static string PageName(int page) => string.Create(CultureInfo.InvariantCulture, $"page-{page}");
    private static string JournalName(long journal) => string.Create(CultureInfo.InvariantCulture, $"journal-{journal}");
}
