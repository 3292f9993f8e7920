using Kappa.Views;

namespace Kappa.Engine.Instances;

/// <summary>
/// All keys of a shard and the indexes over their committed values. The shard's loop adds and publishes; any thread
/// reads. In memory stay about 200 bytes a key, and the index values; states do not.
/// </summary>
internal sealed class InstanceTable
{
    private readonly KeyTable _entries = new();
    private readonly Lock _gate = new();
    private readonly SortedIndex<KeyItem> _keys;
    private readonly SortedIndex<LookupItem>[] _lookups;
    private readonly SortedIndex<RankItem>[] _ranks;
    private readonly Column<string>[] _lookupValues;
    private readonly Column<decimal?>[] _rankValues;
    private long _listed;
    private long _applied;
    private long _held;
    private readonly SortedDictionary<string, InstanceEntry> _quarantined = new(Utf8Order.Instance);

    public InstanceTable(View view)
    {
        _lookupValues = [.. view.Lookups.Select(_ => new Column<string>())];
        _rankValues = [.. view.Ranks.Select(_ => new Column<decimal?>())];
        _keys = new(() => Listed().Select(entry => new KeyItem(entry.Key, entry)));
        _lookups = [.. view.Lookups.Select((_, index) => new SortedIndex<LookupItem>(() =>
            from entry in Listed() where _lookupValues[index][entry] is not null
            select new LookupItem(_lookupValues[index][entry]!, entry, entry.Key)))];
        _ranks = [.. view.Ranks.Select((_, index) => new SortedIndex<RankItem>(() =>
            from entry in Listed() where _rankValues[index][entry] is not null
            select new RankItem(_rankValues[index][entry]!.Value, entry)))];
    }

    /// <summary>Sums over all instances, as of the last commit.</summary>
    public TableTotals Totals
    {
        get
        {
            lock (_gate)
                return new TableTotals(_listed, _applied, _quarantined.Count, _held);
        }
    }

    public IEnumerable<InstanceEntry> Entries => _entries.All;

    public bool TryGet(string key, out InstanceEntry entry) => _entries.TryGet(key, out entry!);

    public InstanceEntry Add(string key) => _entries.Add(key);

    /// <summary>Makes a commit visible: all of its instances in one step for whoever asks the indexes.</summary>
    /// <param name="lookups">The lookup values of all of them, one after the other.</param>
    /// <param name="ranks">Their rank values.</param>
    public void Publish(ReadOnlySpan<Published> published, ReadOnlySpan<string?> lookups, ReadOnlySpan<decimal?> ranks)
    {
        lock (_gate)
        {
            _keys.Expect(published.Length);
            foreach (var lookup in _lookups)
                lookup.Expect(published.Length);
            foreach (var rank in _ranks)
                rank.Expect(published.Length);
            for (var i = 0; i < published.Length; i++)
                Publish(published[i], lookups.Slice(i * _lookups.Length, _lookups.Length), ranks.Slice(i * _ranks.Length, _ranks.Length));
        }
    }

    /// <summary>The first keys from <paramref name="from"/> on (after it, if it is a cursor) that start with a prefix.</summary>
    public List<(string Key, CommittedInstance Committed)> Keys(string prefix, string? after, int take)
    {
        lock (_gate)
        {
            var from = after is not null && Utf8Order.Instance.Compare(after, prefix) > 0 ? after : prefix;
            return [.. _keys.From(new KeyItem(from, null))
                .SkipWhile(item => item.Key == after)
                .TakeWhile(item => item.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Take(take)
                .Select(item => (item.Key, item.Entry!.Committed!.Value))];
        }
    }

    /// <summary>The first instances under a lookup value (or, if it is a prefix, under values that start with it).</summary>
    public List<(LookupItem Item, CommittedInstance Committed)> Lookup(int lookup, string value, bool prefix, (string Value, string Key)? after, int take)
    {
        lock (_gate)
        {
            var from = after is { } cursor ? new LookupItem(cursor.Value, null, cursor.Key) : new LookupItem(value, null, "");
            return [.. _lookups[lookup].From(from)
                .SkipWhile(item => after is { } past && item.Value == past.Value && item.Key == past.Key)
                .TakeWhile(item => prefix ? item.Value.StartsWith(value, StringComparison.Ordinal) : item.Value == value)
                .Take(take)
                .Select(item => (item, item.Entry!.Committed!.Value))];
        }
    }

    /// <summary>The first quarantined instances after a key.</summary>
    public List<InstanceEntry> Quarantined(string? after, int take)
    {
        lock (_gate)
            return [.. _quarantined.Values
                .SkipWhile(entry => after is not null && Utf8Order.Instance.Compare(entry.Key, after) <= 0)
                .Take(take)];
    }

    public List<(RankItem Item, CommittedInstance Committed)> Top(int rank, int take)
    {
        lock (_gate)
            return [.. _ranks[rank].All.Take(take).Select(item => (item, item.Entry.Committed!.Value))];
    }

    private void Publish(in Published one, ReadOnlySpan<string?> lookups, ReadOnlySpan<decimal?> ranks)
    {
        var entry = one.Entry;
        var was = entry.Committed;
        var (listed, wasListed) = (one.Committed.HasState, was is { HasState: true });
        for (var i = 0; i < _lookups.Length; i++)
        {
            var old = _lookupValues[i][entry];
            Move(_lookups[i], wasListed ? old : null, listed ? lookups[i] : null, entry);
            // The same text as before stays the same old object.
            if (old != lookups[i])
                _lookupValues[i][entry] = lookups[i];
        }
        for (var i = 0; i < _ranks.Length; i++)
        {
            Move(_ranks[i], wasListed ? _rankValues[i][entry] : null, listed ? ranks[i] : null, entry);
            _rankValues[i][entry] = ranks[i];
        }
        if (listed != wasListed)
        {
            _listed += listed ? 1 : -1;
            if (listed)
                _keys.Add(new KeyItem(entry.Key, entry));
            else
                _keys.Remove(new KeyItem(entry.Key, entry));
        }
        _applied += one.Committed.Version - (was?.Version ?? 0);
        _held += one.Committed.Held - (was?.Held ?? 0);
        if (one.Committed.IsQuarantined)
            _quarantined[entry.Key] = entry;
        else
            _quarantined.Remove(entry.Key);
        entry.Committed = one.Committed;
    }

    private static void Move(SortedIndex<LookupItem> index, string? from, string? to, InstanceEntry entry)
    {
        if (from == to)
            return;
        if (from is not null)
            index.Remove(new LookupItem(from, entry, entry.Key));
        if (to is not null)
            index.Add(new LookupItem(to, entry, entry.Key));
    }

    private static void Move(SortedIndex<RankItem> index, decimal? from, decimal? to, InstanceEntry entry)
    {
        if (from == to)
            return;
        if (from is { } old)
            index.Remove(new RankItem(old, entry));
        if (to is { } now)
            index.Add(new RankItem(now, entry));
    }

    private IEnumerable<InstanceEntry> Listed() => _entries.All.Where(entry => entry.Committed is { HasState: true });
}
