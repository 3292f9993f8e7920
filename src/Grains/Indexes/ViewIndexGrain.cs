using Kappa.Engine.Instances;
using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;
using Kappa.Grains.Instances;
using Orleans;
using Orleans.Concurrency;

namespace Kappa.Grains.Indexes;

/// <summary>See <see cref="IViewIndexGrain"/>. Reentrant, so that a write does not hold up reads; writes wait for one another and go together.</summary>
[Reentrant, BesideView]
internal sealed class ViewIndexGrain(GrainsContext context) : Grain, IViewIndexGrain
{
    private static readonly TimeSpan _changeWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private InstanceTable? _table;
    private IndexStore? _store;
    private List<IndexEntry> _waiting = [];
    private long _stamp = 1;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task UpdateAsync(List<IndexEntry> entries)
    {
        _waiting.AddRange(entries);
        await _turn.WaitAsync();
        try
        {
            var table = await LoadAsync();
            if (_waiting.Count == 0)
                return; // Went with the write before.
            var now = _waiting;
            _waiting = [];
            // An older word about an instance may come after a newer one.
            var news = now.Where(entry => !table.TryGet(entry.Key, out var known) || known.Committed is not { } committed || IsNewer(entry, committed)).ToList();
            if (news.Count == 0)
                return;
            await _store!.AddAsync(news);
            Publish(table, news);
        }
        catch
        {
            // Whoever waits for a write that failed sends again; what is in memory is read anew.
            _table = null;
            _waiting = [];
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<List<IndexEntry>> KeysAsync(string prefix, string? after, int take) =>
        [.. (await TableAsync()).Keys(prefix, after, take).Select(item => Entry(item.Key, item.Committed))];

    public async Task<List<IndexEntry>> LookupAsync(int lookup, string value, bool prefix, string? afterValue, string? afterKey, int take) =>
        [.. (await TableAsync()).Lookup(lookup, value, prefix, afterValue is null ? null : (afterValue, afterKey!), take)
            .Select(found => Entry(found.Item.Key, found.Committed) with { Lookups = [found.Item.Value] })];

    public async Task<List<IndexEntry>> TopAsync(int rank, int take) =>
        [.. (await TableAsync()).Top(rank, take).Select(found => Entry(found.Item.Entry.Key, found.Committed) with { Ranks = [found.Item.Value] })];

    public async Task<List<IndexEntry>> QuarantinedAsync(string? after, int take) =>
        [.. (await TableAsync()).Quarantined(after, take).Select(entry => Entry(entry.Key, entry.Committed!.Value))];

    public async Task<IndexTotals> TotalsAsync() => (await TableAsync()).Totals is var totals
        ? new IndexTotals(totals.Instances, totals.Applied, totals.Quarantined, totals.Held) : throw new InvalidOperationException();

    public async Task<long> ChangedAsync(long since)
    {
        await TableAsync();
        if (_stamp == since)
            await Task.WhenAny(_changed.Task, Task.Delay(_changeWait, context.Time));
        return _stamp;
    }

    public async Task<List<string>> AllAsync() => [.. (await TableAsync()).Entries.Select(entry => entry.Key)];

    public async Task DiscardAsync()
    {
        await TableAsync();
        await _store!.ClearAsync();
        _table = null;
        DeactivateOnIdle();
    }

    private static bool IsNewer(IndexEntry entry, CommittedInstance known) =>
        (entry.Generation, entry.Version, entry.Held) != (known.Generation, known.Version, known.Held)
        && (entry.Generation > known.Generation || (entry.Generation == known.Generation && entry.Version >= known.Version));

    private static IndexEntry Entry(string key, CommittedInstance committed) =>
        new(key, committed.Version, committed.Generation, committed.TimeTicks, committed.HasState, committed.Held, [], []);

    private async Task<InstanceTable> TableAsync()
    {
        if (_table is { } loaded)
            return loaded;
        await _turn.WaitAsync();
        try
        {
            return await LoadAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<InstanceTable> LoadAsync()
    {
        if (_table is { } loaded)
            return loaded;
        var build = BuildName.Parse(this.GetPrimaryKeyString().AsSpan(0, this.GetPrimaryKeyString().LastIndexOf('/')));
        var store = new IndexStore(new GrainDocuments(context.Storage, this.GetGrainId()));
        await store.LoadAsync();
        var table = new InstanceTable(context.Code(build.View, build.Version));
        Publish(table, [.. store.All]);
        _store = store;
        return _table = table;
    }

    private void Publish(InstanceTable table, List<IndexEntry> entries)
    {
        // Of several words about one instance the last counts.
        foreach (var part in entries.GroupBy(entry => entry.Key, StringComparer.Ordinal).Select(of => of.Last()).Chunk(1024))
            table.Publish([.. part.Select(entry => new Published(table.TryGet(entry.Key, out var known) ? known : table.Add(entry.Key),
                    new CommittedInstance(default, entry.Version, entry.Generation, entry.TimeTicks, entry.HasState, entry.Held)))],
                [.. part.SelectMany(entry => entry.Lookups)], [.. part.SelectMany(entry => entry.Ranks)]);
        _stamp++;
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
