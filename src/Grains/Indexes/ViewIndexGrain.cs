using Kappa.Engine.Instances;
using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;
using Kappa.Grains.Instances;
using Orleans;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Kappa.Grains.Indexes;

/// <summary>See <see cref="IViewIndexGrain"/>. Reentrant, so that a write does not hold up reads; writes wait for one another and go together.</summary>
[Reentrant, BesideView]
internal sealed class ViewIndexGrain(GrainsContext context) : Grain, IViewIndexGrain
{
    private static readonly TimeSpan _changeWait = TimeSpan.FromSeconds(10);

    private readonly Turns _turns = new();
    private InstanceTable? _table;
    private IndexStore? _store;
    private IndexUpdate _waiting = new();
    private long _stamp = 1;
    private bool _isOver;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task UpdateAsync(List<IndexEntry> entries)
    {
        var together = _waiting;
        together.AddRange(entries);
        return _turns.TakeAsync(async () =>
        {
            if (!together.IsOver)
                await WriteAsync(together);
            together.MustBeWritten();
            return true;
        });
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
        if (_stamp == since && !_isOver)
            await Task.WhenAny(_changed.Task, Task.Delay(_changeWait, context.Time));
        return _stamp;
    }

    public async Task<List<string>> AllAsync() => [.. (await TableAsync()).Entries.Select(entry => entry.Key)];

    public Task DiscardAsync() => _turns.TakeAsync(async () =>
    {
        await NewStore().ClearAsync();
        _table = null;
        End();
        return true;
    });

    private static IndexEntry Entry(string key, CommittedInstance committed) =>
        new(key, committed.Version, committed.Generation, committed.TimeTicks, committed.HasState, committed.Held, [], []);

    private async Task WriteAsync(IndexUpdate update)
    {
        _waiting = new IndexUpdate();
        try
        {
            var table = await LoadAsync();
            var news = update.NewestOf(key => table.TryGet(key, out var known) && known.Committed is { } last ? (last.Generation, last.Version, last.Held) : null);
            if (news.Count > 0)
            {
                await _store!.AddAsync(news);
                Publish(table, news);
            }
            update.Written();
        }
#pragma warning disable CA1031 // Whoever waits for the write is told, and sends again; what is in memory is read anew.
        catch (Exception e)
#pragma warning restore CA1031
        {
            update.Failed(e);
            _table = null;
            if (e is InconsistentStateException)
                End();
        }
    }

    /// <summary>Makes room for another activation; nobody may wait here for changes.</summary>
    private void End()
    {
        _isOver = true;
        Changed();
        DeactivateOnIdle();
    }

    private Task<InstanceTable> TableAsync() => _table is { } loaded ? Task.FromResult(loaded) : _turns.TakeAsync(LoadAsync);

    private async Task<InstanceTable> LoadAsync()
    {
        if (_table is { } loaded)
            return loaded;
        var build = BuildName.Parse(this.GetPrimaryKeyString().AsSpan(0, this.GetPrimaryKeyString().LastIndexOf('/')));
        var store = NewStore();
        await store.LoadAsync();
        var table = new InstanceTable(context.Code(build.View, build.Version));
        Publish(table, [.. store.All]);
        _store = store;
        return _table = table;
    }

    private IndexStore NewStore() => new(new GrainDocuments(context.Storage, this.GetGrainId()));

    private void Publish(InstanceTable table, List<IndexEntry> entries)
    {
        foreach (var part in entries.Chunk(1024))
            table.Publish([.. part.Select(entry => new Published(table.TryGet(entry.Key, out var known) ? known : table.Add(entry.Key),
                    new CommittedInstance(default, entry.Version, entry.Generation, entry.TimeTicks, entry.HasState, entry.Held)))],
                [.. part.SelectMany(entry => entry.Lookups)], [.. part.SelectMany(entry => entry.Ranks)]);
        _stamp++;
        Changed();
    }

    private void Changed()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
