using System.Globalization;
using Kappa.Grains.Instances;

namespace Kappa.Grains.Indexes;

/// <summary>
/// An index shard in grain storage: changes go to a journal, one document a write; when that is full, the pages that changed are written anew and
/// it begins again. So a change costs about its own size, and reading all back takes the pages and a short journal. Not thread-safe.
/// <para>Two activations may believe to be the only one. The journal is a ring of documents that are never deleted: each write goes over that of a
/// round before, as it was read. So who does not know of all that was written cannot write: the place that it would write to was taken since. A page is
/// written once, under a number that nobody else was given, and counts when the head names it; a page that counts no more is deleted after that.</para>
/// </summary>
/// <param name="bytesMax">What a page or a stretch of the journal holds, unless a single entry is larger.</param>
internal sealed class IndexStore(GrainDocuments documents, int bytesMax = IndexStore.DocumentBytesMax)
{
    /// <summary>After so many writes the pages are written.</summary>
    public const int JournalsMax = 64;

    /// <summary>Far below what table storage takes as an entity (1 MiB): a change of one entry writes a whole page.</summary>
    private const int DocumentBytesMax = 128 << 10;

    private const int AtOnce = 32;

    private IndexPages _pages = new(bytesMax);
    private IndexHead _head = new();
    private long _next;

    public IEnumerable<IndexEntry> All => _pages.All;

    /// <exception cref="InvalidDataException">Documents are missing.</exception>
    public async Task LoadAsync()
    {
        for (IndexHead? before = null; ; before = _head)
        {
            _head = await documents.ReadAsync<IndexHead>("head");
            if (before is not null && (before.First, before.NextPage) == (_head.First, _head.NextPage))
                throw new InvalidDataException("Documents of the index are missing that its head names. Rebuild the view and promote that.");
            if (await LoadPagesAsync() && await LoadJournalAsync())
                return;
            // Another activation wrote the pages anew meanwhile: once more, from its head.
        }
    }

    /// <exception cref="Orleans.Storage.InconsistentStateException">Another activation has written meanwhile: then what is in memory is out of date.</exception>
    public async Task AddAsync(IReadOnlyList<IndexEntry> entries)
    {
        foreach (var part in IndexEntries.Split(entries, bytesMax))
        {
            if (_next == _head.First + JournalsMax)
                await CompactAsync();
            await documents.WriteAsync(JournalName(_next), new IndexJournal { Number = _next, Items = part });
            _next++;
            foreach (var entry in part)
                _pages.Put(entry);
        }
    }

    /// <summary>Deletes all documents, whatever state they are in; what it was cut off at it takes up when it is called again.</summary>
    public async Task ClearAsync()
    {
        var head = await documents.ReadAsync<IndexHead>("head");
        if (head.Pages.Count > 0)
            await documents.WriteAsync("head", head = new IndexHead { First = head.First, NextPage = head.NextPage, Loose = [.. head.Pages, .. head.Loose] });
        await ClearPagesAsync(head.Loose);
        for (var place = 0; place < JournalsMax; place++)
            await documents.ClearAsync<IndexJournal>(JournalName(place));
        await documents.ClearAsync<IndexHead>("head");
    }

    private async Task<bool> LoadPagesAsync()
    {
        _pages = new IndexPages(bytesMax);
        foreach (var part in _head.Pages.Chunk(AtOnce))
        {
            var pages = await Task.WhenAll(part.Select(page => documents.FindAsync<IndexEntries>(PageName(page))));
            for (var i = 0; i < part.Length; i++)
                if (pages[i] is { } page)
                    _pages.Load(part[i], page.Items);
                else
                    return false;
        }
        return true;
    }

    private async Task<bool> LoadJournalAsync()
    {
        var journal = await Task.WhenAll(Enumerable.Range(0, JournalsMax).Select(place => documents.ReadAsync<IndexJournal>(JournalName(place))));
        if (Array.Exists(journal, stretch => stretch.Number >= _head.First + JournalsMax))
            return false;
        for (_next = _head.First; _next < _head.First + JournalsMax && journal[_next % JournalsMax] is var stretch && stretch.Number == _next && stretch.Items.Count > 0; _next++)
            foreach (var entry in stretch.Items)
                _pages.Put(entry);
        return true;
    }

    private async Task CompactAsync()
    {
        var renewed = _pages.Renewed();
        var (before, first) = (_head, _head.NextPage);
        List<long> numbers = [.. Enumerable.Range(0, renewed.Count).Select(i => first + i)];
        // On record before they are written, so that they are deleted if this comes to no end.
        await WriteHeadAsync(new IndexHead { First = before.First, Pages = before.Pages, NextPage = first + renewed.Count, Loose = [.. before.Loose, .. numbers] });
        foreach (var part in numbers.Chunk(AtOnce))
            await Task.WhenAll(part.Select(page => documents.AddAsync(PageName(page), new IndexEntries { Items = renewed[(int)(page - first)] })));
        await WriteHeadAsync(new IndexHead
        {
            First = _next,
            Pages = [.. before.Pages.Where(page => !_pages.IsOutdated(page)), .. numbers],
            NextPage = _head.NextPage,
            Loose = [.. before.Loose, .. before.Pages.Where(_pages.IsOutdated)],
        });
        _pages.Replace(first, renewed);
        await ClearPagesAsync(_head.Loose);
        _head.Loose = [];
    }

    private async Task WriteHeadAsync(IndexHead head)
    {
        await documents.WriteAsync("head", head);
        _head = head;
    }

    private async Task ClearPagesAsync(List<long> pages)
    {
        foreach (var page in pages)
            await documents.ClearAsync<IndexEntries>(PageName(page));
    }

    private static string PageName(long page) => string.Create(CultureInfo.InvariantCulture, $"page-{page}");
    private static string JournalName(long number) => string.Create(CultureInfo.InvariantCulture, $"journal-{number % JournalsMax}");
}
