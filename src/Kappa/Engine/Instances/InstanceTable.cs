using System.Collections.Concurrent;
using Kappa.Views;

namespace Kappa.Engine.Instances;

/// <summary>
/// All keys of a shard and the indexes over their committed values. The shard's loop adds and publishes; any thread
/// reads. In memory stay about 250 bytes a key, and the index values; states do not.
/// </summary>
internal sealed class InstanceTable
{
    private readonly ConcurrentDictionary<string, InstanceEntry> _entries = new(1, 64, StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly SortedIndex<KeyItem> _keys;
    private readonly SortedIndex<LookupItem>[] _lookups;
    private readonly SortedIndex<RankItem>[] _ranks;
    private long _listed;
    private long _applied;
    private long _held;
    private readonly SortedDictionary<string, InstanceEntry> _quarantined = new(Utf8Order.Instance);

    public InstanceTable(View view)
    {
        _keys = new(() => Listed().Select(entry => new KeyItem(entry.Key, entry)));
        _lookups = [.. view.Lookups.Select((_, index) => new SortedIndex<LookupItem>(() =>
            from entry in Listed() where entry.LookupValues[index] is not null
            select new LookupItem(entry.LookupValues[index]!, entry, entry.Key)))];
        _ranks = [.. view.Ranks.Select((_, index) => new SortedIndex<RankItem>(() =>
            from entry in Listed() where entry.RankValues[index] is not null
            select new RankItem(entry.RankValues[index]!.Value, entry)))];
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

    public IEnumerable<InstanceEntry> Entries => _entries.Values;

    public bool TryGet(string key, out InstanceEntry entry) => _entries.TryGetValue(key, out entry!);

    public InstanceEntry Add(string key) => _entries[key] = new InstanceEntry(key);

    /// <summary>Makes a commit visible: all of its instances in one step for whoever asks the indexes.</summary>
    public void Publish(ReadOnlySpan<Published> published)
    {
        lock (_gate)
        {
            _keys.Expect(published.Length);
            foreach (var lookup in _lookups)
                lookup.Expect(published.Length);
            foreach (var rank in _ranks)
                rank.Expect(published.Length);
            foreach (ref readonly var one in published)
                Publish(one);
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
                .Select(item => (item.Key, item.Entry!.Committed!))];
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
                .Select(item => (item, item.Entry!.Committed!))];
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
            return [.. _ranks[rank].All.Take(take).Select(item => (item, item.Entry.Committed!))];
    }

    private void Publish(in Published one)
    {
        var entry = one.Entry;
        var was = entry.Committed;
        var (listed, wasListed) = (one.Committed.HasState, was is { HasState: true });
        for (var i = 0; i < _lookups.Length; i++)
            Move(_lookups[i], wasListed ? entry.LookupValues[i] : null, listed ? one.LookupValues[i] : null, entry);
        for (var i = 0; i < _ranks.Length; i++)
            Move(_ranks[i], wasListed ? entry.RankValues[i] : null, listed ? one.RankValues[i] : null, entry);
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
        (entry.LookupValues, entry.RankValues, entry.Committed) = (one.LookupValues, one.RankValues, one.Committed);
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

    private IEnumerable<InstanceEntry> Listed() => _entries.Values.Where(entry => entry.Committed is { HasState: true });
}
