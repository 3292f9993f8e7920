using System.Runtime.CompilerServices;
using Kappa.Engine;
using Kappa.Engine.Reading;
using Kappa.Grains.Auditing;
using Kappa.Grains.Builds;
using Kappa.Grains.Indexes;
using Kappa.Log;
using Kappa.Views;
using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>
/// Views on grains, for a silo or a client of the cluster. What it shows was written before. Lists, lookups and ranks follow a moment behind the
/// instances. A read with a receipt waits for the auditors of the partitions concerned, which then audit at once: so it holds even where
/// streams lost the event. Thread-safe.
/// </summary>
public sealed class GrainViews : IViews
{
    /// <summary>How long a read outlives the loss of a silo, and how often it asks meanwhile.</summary>
    private static readonly TimeSpan _lossMax = TimeSpan.FromSeconds(5), _lossPause = TimeSpan.FromMilliseconds(100);

    private readonly IGrainFactory _grains;
    private readonly ViewCatalogue _catalogue;
    private readonly BuildDirectory _builds;
    private readonly ILogReader _log;
    private readonly IndexShards _shards;
    private readonly TimeProvider _time;
    private readonly InstanceReads _reads;
    private readonly InstanceHistory _history;
    private readonly InstanceWatch _watch;
    private readonly TopWatch _tops;
    private readonly WatchBudget _budget;
    private readonly int _duplicateWindow;
    private readonly CancellationToken _stopping;

    internal GrainViews(IGrainFactory grains, ViewCatalogue catalogue, BuildDirectory builds, ILogReader log, GrainsOptions options, TimeProvider time, CancellationToken stopping)
    {
        (_grains, _catalogue, _builds, _log, _time, _stopping) = (grains, catalogue, builds, log, time, stopping);
        _shards = new IndexShards(options);
        _reads = new InstanceReads(log, time);
        _history = new InstanceHistory(catalogue, log);
        _budget = new WatchBudget(options.WatchersMax);
        _duplicateWindow = options.DuplicateWindow;
        _tops = new TopWatch(ServingAsync, _time);
        _watch = new InstanceWatch(grains, builds, ServingOf, _history, options, _budget, time);
    }

    public async ValueTask<IReadOnlyList<ViewInfo>> ListAsync(CancellationToken cancellationToken = default) =>
        await Task.WhenAll(_catalogue.Names.Select(InfoAsync)).WaitAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<ReadResult> ReadAsync(string view, string key, Receipt? receipt = null, TimeSpan wait = default, CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        while (true)
            try
            {
                var serving = await ServingAsync(view).ConfigureAwait(false);
                var result = await _reads.ReadAsync(serving, key, receipt, wait - _time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false);
                // Another build may have begun to serve meanwhile; what this one has taken since, readers of that one may not see yet.
                if ((await ServingAsync(view).ConfigureAwait(false)).IsSameAs(serving))
                    return result;
            }
            catch (Orleans.Runtime.OrleansException) when (_time.GetElapsedTime(started) < (wait > _lossMax ? wait : _lossMax))
            {
                // A silo was lost; its grains are made anew on another one.
                await Task.Delay(_lossPause, _time, cancellationToken).ConfigureAwait(false);
            }
    }

    public async ValueTask<ReadResult> ReadAtAsync(string view, string key, AsOf at, TimeSpan wait = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(at);
        var serving = await ServingAsync(view).ConfigureAwait(false);
        var cut = await at.CutInAsync(_log, _time, cancellationToken).ConfigureAwait(false);
        return await _reads.ReadAtAsync(serving, key, cut, wait, cancellationToken).ConfigureAwait(false) with { Cut = cut };
    }

    public async ValueTask<Page<KeyInfo>> KeysAsync(string view, string prefix, string? after, int take, CancellationToken cancellationToken = default) =>
        await IndexReads.KeysAsync(await ServingAsync(view).ConfigureAwait(false), prefix, after, take).WaitAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<Page<ViewEnvelope>> LookupAsync(string view, string lookup, string value, string? after, int take, CancellationToken cancellationToken = default) =>
        await IndexReads.LookupAsync(await ServingAsync(view).ConfigureAwait(false), lookup, value, after, take).WaitAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<ViewEnvelope>> TopAsync(string view, string rank, int take, CancellationToken cancellationToken = default) =>
        await IndexReads.TopAsync(await ServingAsync(view).ConfigureAwait(false), rank, take).WaitAsync(cancellationToken).ConfigureAwait(false);

    public IAsyncEnumerable<ViewEnvelope> WatchAsync(string view, string key, WatchToken? token, WatchMode mode, CancellationToken cancellationToken = default)
    {
        MustKnow(view);
        return UntilStopped(stop => _watch.WatchAsync(view, key, token, mode, stop), cancellationToken);
    }

    public IAsyncEnumerable<IReadOnlyList<ViewEnvelope>> WatchTopAsync(string view, string rank, int take, CancellationToken cancellationToken = default)
    {
        MustKnow(view);
        return _catalogue.Newest(view).Ranks.Any(definition => definition.Name == rank)
            ? UntilStopped(stop => Budgeted(_tops.WatchAsync(view, rank, take, stop)), cancellationToken)
            : throw new UnknownIndexException(view, "rank", rank);
    }

    public async ValueTask<Page<HistoryItem>?> HistoryAsync(string view, string key, long after, int take, CancellationToken cancellationToken = default) =>
        await _history.ReadAsync(await ServingAsync(view).ConfigureAwait(false), key, after, take, cancellationToken).ConfigureAwait(false);

    public async ValueTask<Page<QuarantineItem>> QuarantineAsync(string? after, int take, CancellationToken cancellationToken = default)
    {
        // A cursor is the last item's view, its position at the view ("p…") or its key ("k…"); positions come first.
        var cursor = after is null ? null : Cursor.Read(after, 2);
        var items = new List<QuarantineItem>();
        foreach (var view in _catalogue.Names)
        {
            var order = cursor is null ? 1 : string.CompareOrdinal(view, cursor[0]);
            if (order >= 0 && items.Count <= take)
                items.AddRange(await QuarantinedAsync(view, order == 0 ? cursor![1] : "p", take + 1 - items.Count).WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        var page = items.Take(take).ToList();
        var last = items.Count > take ? page[^1] : null;
        return new Page<QuarantineItem>(page, last is null ? null : Cursor.Of(last.View, last.Key is null ? "p" + last.Position : "k" + last.Key));
    }

    public async ValueTask<RetryResult> RetryAsync(string view, string key, CancellationToken cancellationToken = default)
    {
        var serving = await ServingAsync(view).ConfigureAwait(false);
        return ResultOf(await serving.Instance(key).RetryAsync().WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<RetryResult> RetryAsync(string view, Position position, CancellationToken cancellationToken = default)
    {
        var serving = await ServingAsync(view).ConfigureAwait(false);
        return position.Partition >= _log.PartitionCount
            ? new RetryResult(RetryStatus.NotQuarantined, 0, 0, null)
            : ResultOf(await serving.Auditor(position.Partition).RetryAsync(position.Sequence).WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<AuditReport> AuditAsync(string view, CancellationToken cancellationToken = default)
    {
        var serving = await ServingAsync(view).ConfigureAwait(false);
        var code = _catalogue.Find(view, serving.Name.Version) ?? throw new ViewFailedException(view, $"this process has no code of version {serving.Name.Version}, so that it cannot prove it.");
        return await Task.Run(() => new ViewProof(serving, WindowReader.Of(code, _catalogue.Types, _log), _log, _duplicateWindow).RunAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A build as its readers see it.</summary>
    internal Serving Of(BuildEntry build) => new(_grains, _shards, _catalogue.Find(build.Name.View, build.Name.Version) ?? _catalogue.Newest(build.Name.View), build);

    private static RetryResult ResultOf(Instances.InstanceRetry retry) => new(
        !retry.WasQuarantined ? retry.Applied > 0 ? RetryStatus.Released : RetryStatus.NotQuarantined : retry.Reason is null ? RetryStatus.Released : RetryStatus.StillQuarantined,
        retry.Applied, retry.Held, retry.Reason is null ? null : new Quarantine(PositionList.Unpack(retry.At), retry.Reason));

    private void MustKnow(string view)
    {
        if (!_catalogue.Names.Contains(view))
            throw new UnknownViewException(view);
    }

    private Serving ServingOf(string view, BuildsSnapshot snapshot) => Of(snapshot.ServingBuild.Entry);

    private async ValueTask<Serving> ServingAsync(string view)
    {
        MustKnow(view);
        return ServingOf(view, await _builds.GetAsync(view).ConfigureAwait(false));
    }

    private async Task<ViewInfo> InfoAsync(string name)
    {
        var build = (await _builds.GetAsync(name).ConfigureAwait(false)).ServingBuild;
        var serving = Of(build.Entry);
        var totals = await Task.WhenAll(serving.Indexes.Select(index => index.TotalsAsync())).ConfigureAwait(false);
        var partitions = build.HasCode ? await Task.WhenAll(Enumerable.Range(0, _log.PartitionCount).Select(p => serving.Auditor(p).StatusAsync())).ConfigureAwait(false) : build.Partitions;
        var watermark = new Cut([.. partitions.Select(partition => partition.Next)]);
        var lag = Enumerable.Range(0, _log.PartitionCount).Sum(p => Math.Max(0, _log.Next(p) - watermark[p]));
        var problem = build.HasCode ? partitions.Select(partition => partition.Problem).FirstOrDefault(text => text is not null)
            : $"No silo has the code of version {build.Entry.Name.Version} any more; its last states are served until another build is promoted.";
        return new ViewInfo(name, build.Entry.Name.Version, !build.HasCode ? ViewStatus.Stale : problem is not null ? ViewStatus.Failed : build.IsLive ? ViewStatus.Live : ViewStatus.CatchingUp,
            totals.Sum(shard => shard.Instances), watermark, lag, totals.Sum(shard => shard.Applied), totals.Sum(shard => shard.Quarantined),
            totals.Sum(shard => shard.Held) + partitions.Sum(partition => partition.Held), problem, serving.View.Lookups, serving.View.Ranks) { Repairs = [.. partitions.Select(partition => partition.Repairs)] };
    }

    private async Task<List<QuarantineItem>> QuarantinedAsync(string view, string from, int take)
    {
        var serving = await ServingAsync(view).ConfigureAwait(false);
        var items = new List<QuarantineItem>();
        if (from.StartsWith('p'))
        {
            Position? after = Position.TryParse(from.AsSpan(1), out var position) ? position : null;
            for (var p = after?.Partition ?? 0; p < _log.PartitionCount && items.Count < take; p++)
                foreach (var held in await serving.Auditor(p).HeldAsync(p == after?.Partition ? after.Value.Sequence : -1, take - items.Count).ConfigureAwait(false))
                    items.Add(new QuarantineItem(view, null, new Position(p, held.Sequence), held.Reason, 1));
        }
        var key = from.StartsWith('k') ? from[1..] : null;
        foreach (var entry in (await serving.AskAsync(index => index.QuarantinedAsync(key, take)).ConfigureAwait(false)).OrderBy(entry => entry.Key, Engine.Instances.Utf8Order.Instance))
            if (items.Count < take && (await serving.ReadAsync(entry.Key).ConfigureAwait(false)).Quarantined is { } stopped)
                items.Add(new QuarantineItem(view, entry.Key, stopped.Position, stopped.Reason, entry.Held));
        return items;
    }

    private async IAsyncEnumerable<T> Budgeted<T>(IAsyncEnumerable<T> watch)
    {
        using var place = _budget.Take();
        await foreach (var item in watch.ConfigureAwait(false))
            yield return item;
    }

    /// <summary>A watch that this process ends since it stops says so, however the stop was noticed.</summary>
    private async IAsyncEnumerable<T> UntilStopped<T>(Func<CancellationToken, IAsyncEnumerable<T>> watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        await using var items = watch(either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync().ConfigureAwait(false))
                    yield break;
            }
            catch (Exception e) when (_stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw e as EngineStoppedException ?? new EngineStoppedException();
            }
            yield return items.Current;
        }
    }
}
