using BuildDirectory = Kappa.Grains.Builds.BuildDirectory;
using Kappa.Engine.Builds;
using Kappa.Engine.Diffing;
using Kappa.Engine.Reading;
using Kappa.Grains.Builds;
using Kappa.Log;
using Kappa.Views;
using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>Rebuilds of the cluster, for a silo or a client of it. Diffs are kept by the process that made them. Thread-safe.</summary>
public sealed class GrainRebuilds : IRebuilds
{
    private const int DiffsMax = 8;

    private readonly Lock _gate = new();
    private readonly List<BuildDiff> _diffs = [];
    private readonly IGrainFactory _grains;
    private readonly ViewCatalogue _catalogue;
    private readonly BuildDirectory _directory;
    private readonly GrainViews _views;
    private readonly ILogReader _log;
    private readonly TimeProvider _time;

    internal GrainRebuilds(IGrainFactory grains, ViewCatalogue catalogue, BuildDirectory directory, GrainViews views, ILogReader log, TimeProvider time) =>
        (_grains, _catalogue, _directory, _views, _log, _time) = (grains, catalogue, directory, views, log, time);

    /// <summary>Judged by reading a sample of the log; instances are written besides, which takes longer where storage is slow.</summary>
    public async ValueTask<RebuildEstimate> EstimateAsync(string view, int? version, CancellationToken cancellationToken = default)
    {
        MustKnow(view);
        var code = version is { } wanted ? _catalogue.Find(view, wanted) ?? throw NoCode(view, wanted) : _catalogue.Newest(view);
        var keys = default(RoutedKeys);
        var reader = Auditing.WindowReader.Of(code, _catalogue.Types, _log);
        LogSample.Take route = (in Events.RecordedEvent recorded) => reader.Route(recorded, ref keys);
        var started = _time.GetTimestamp();
        var sample = await LogSample.ReadAsync(_log, 1 << 20, route, cancellationToken).ConfigureAwait(false);
        var took = _time.GetElapsedTime(started);
        var events = Enumerable.Range(0, _log.PartitionCount).Sum(p => _log.Next(p) - _log.First(p));
        // A question to a grain, its fold and its write take about so many times as long as reading and routing its event.
        const double FoldFactor = 10;
        return new RebuildEstimate(view, code.Version, events, (long)(events * sample.BytesPerEvent),
            sample.Events == 0 ? TimeSpan.Zero : took * FoldFactor * ((double)events / sample.Events));
    }

    public async ValueTask<RebuildInfo> StartAsync(string view, int? version, CancellationToken cancellationToken = default)
    {
        MustKnow(view);
        if (version is { } wanted && _catalogue.Find(view, wanted) is null)
            throw NoCode(view, wanted);
        return await InfoOfAsync(Done(await Builds(view).StartAsync(version).WaitAsync(cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<RebuildInfo>> ListBuildsAsync(string? view, CancellationToken cancellationToken = default)
    {
        if (view is not null)
            MustKnow(view);
        var infos = new List<RebuildInfo>();
        foreach (var name in view is null ? _catalogue.Names : [view])
            if (await _directory.RefreshAsync(name).WaitAsync(cancellationToken).ConfigureAwait(false) is var snapshot)
                foreach (var build in snapshot.Builds)
                    infos.Add(await InfoAsync(snapshot, build).ConfigureAwait(false));
        return infos;
    }

    public async ValueTask<RebuildInfo> GetBuildAsync(string id, CancellationToken cancellationToken = default) => await InfoOfAsync(NameOf(id)).ConfigureAwait(false);

    public async ValueTask<RebuildInfo> PauseAsync(string id, CancellationToken cancellationToken = default) => await SetPausedAsync(id, true).ConfigureAwait(false);

    public async ValueTask<RebuildInfo> ResumeAsync(string id, CancellationToken cancellationToken = default) => await SetPausedAsync(id, false).ConfigureAwait(false);

    public async ValueTask<DiffPage> DiffAsync(string id, string? after, int take, CancellationToken cancellationToken = default)
    {
        var cursor = after is null ? null : Cursor.Read(after, 2);
        var (old, @new) = await SidesAsync(id).ConfigureAwait(false);
        if (cursor is null)
        {
            var diff = BuildDiff.Begin(old, @new);
            var first = await diff.RunAsync(take + 1, null, cancellationToken).ConfigureAwait(false);
            Keep(diff);
            return Page(diff, first, take);
        }
        var kept = Find(old, @new, cursor[0]);
        if (kept is null)
        {
            // Another process made it, or it was replaced by later ones: it is the same again at the same cut.
            if (!Cut.TryParse(cursor[0], out var cut))
                throw new InvalidCursorException();
            kept = BuildDiff.At(old, @new, cut);
            await kept.RunAsync(0, null, cancellationToken).ConfigureAwait(false);
            Keep(kept);
        }
        return Page(kept, await kept.AfterAsync(cursor[1], take + 1, cancellationToken).ConfigureAwait(false), take);
    }

    public async ValueTask<PromotionResult> PromoteAsync(string id, PromotionGate? gate, CancellationToken cancellationToken = default)
    {
        var (old, @new) = await SidesAsync(id).ConfigureAwait(false);
        DiffSummary? summary = null;
        if (gate is not null)
        {
            var rules = new DiffGate(gate);
            var diff = BuildDiff.Begin(old, @new);
            await diff.RunAsync(0, rules, cancellationToken).ConfigureAwait(false);
            summary = diff.Summary;
            if (rules.Refusals() is { Count: > 0 } refusals)
                return new PromotionResult(false, null, summary, refusals);
        }
        var outcome = await Builds(@new.Name.View).ServeAsync(@new.Name, keep: true).WaitAsync(cancellationToken).ConfigureAwait(false);
        Done(outcome);
        await _directory.RefreshAsync(@new.Name.View).ConfigureAwait(false);
        return new PromotionResult(true, new Cut(outcome.Cut!), summary, []);
    }

    public async ValueTask<RebuildInfo> RollbackAsync(string id, CancellationToken cancellationToken = default)
    {
        var (name, snapshot) = await FindAsync(id).ConfigureAwait(false);
        if (name.Number != snapshot.Serving)
            throw new RebuildStateException($"{id} does not serve ({snapshot.ServingBuild.Entry.Name} does), so that there is nothing to roll back.");
        if (snapshot.Builds.Find(build => build.Entry.Name.Number == snapshot.Previous) is not { } previous)
            throw new RebuildStateException($"The build that served before {id} was not kept, or {id} was the first; rebuild the version that you want and promote that.");
        Done(await Builds(name.View).ServeAsync(previous.Entry.Name, keep: false).WaitAsync(cancellationToken).ConfigureAwait(false));
        return await InfoOfAsync(previous.Entry.Name).ConfigureAwait(false);
    }

    public async ValueTask DiscardAsync(string id, CancellationToken cancellationToken = default)
    {
        var name = NameOf(id);
        MustKnow(name.View);
        Done(await Builds(name.View).DiscardAsync(name).WaitAsync(cancellationToken).ConfigureAwait(false));
        await _directory.RefreshAsync(name.View).ConfigureAwait(false);
    }

    private static UnknownRebuildException NoCode(string view, int version) => new($"There is no code of {view} v{version} in this process.");

    private static BuildName NameOf(string id) => BuildName.TryParse(id, out var name) ? name : throw new UnknownRebuildException($"There is no build '{id}'; it may have been discarded.");

    private static BuildName Done(BuildOutcome outcome) => outcome.Refusal is null ? outcome.Build
        : outcome.Build == default ? throw new UnknownRebuildException(outcome.Refusal) : throw new RebuildStateException(outcome.Refusal);

    private static DiffPage Page(BuildDiff diff, List<KeyDiff> found, int take)
    {
        var items = found.Take(take).ToList();
        return new DiffPage(diff.Summary!, items, found.Count > take ? Cursor.Of(diff.Cut.ToString(), items[^1].Key) : null);
    }

    private void MustKnow(string view)
    {
        if (!_catalogue.Names.Contains(view))
            throw new UnknownViewException(view);
    }

    private IViewBuildsGrain Builds(string view) => _grains.GetGrain<IViewBuildsGrain>(view);

    private async Task<(BuildName Name, BuildsSnapshot Snapshot)> FindAsync(string id)
    {
        var name = NameOf(id);
        if (!_catalogue.Names.Contains(name.View))
            throw new UnknownRebuildException($"There is no build '{id}'; it may have been discarded.");
        var snapshot = await _directory.RefreshAsync(name.View).ConfigureAwait(false);
        return snapshot.Builds.Exists(build => build.Entry.Name == name) ? (name, snapshot)
            : throw new UnknownRebuildException($"There is no build '{id}'; it may have been discarded.");
    }

    private async Task<(GrainBuildSide Old, GrainBuildSide New)> SidesAsync(string id)
    {
        var (name, snapshot) = await FindAsync(id).ConfigureAwait(false);
        var (serving, build) = (snapshot.ServingBuild, snapshot.Builds.Find(build => build.Entry.Name == name)!);
        if (build == serving)
            throw new RebuildStateException($"{id} serves already.");
        var state = StateOf(snapshot, build);
        if (state is not (RebuildState.Ready or RebuildState.Previous) || !build.IsLive)
            throw new RebuildStateException(state switch
            {
                RebuildState.Paused => $"{id} is paused; resume it, and wait until it is ready.",
                RebuildState.Failed => $"{id} has failed: {build.Partitions.First(partition => partition.Problem is not null).Problem}",
                RebuildState.Frozen => $"{id} has no code any more; deploy its version again, or discard it.",
                _ => $"{id} is being built ({Lag(build)} events to go); wait until it is ready.",
            });
        if (!serving.HasCode)
            throw new RebuildStateException($"{serving.Entry.Name}, which serves, has no code any more; deploy its version again beside the new one, and promote then.");
        return (await GrainBuildSide.OfAsync(_views.Of(serving.Entry), serving).ConfigureAwait(false), await GrainBuildSide.OfAsync(_views.Of(build.Entry), build).ConfigureAwait(false));
    }

    private async Task<RebuildInfo> SetPausedAsync(string id, bool isPaused)
    {
        var (name, _) = await FindAsync(id).ConfigureAwait(false);
        return await InfoOfAsync(Done(await Builds(name.View).PauseAsync(name, isPaused).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private async Task<RebuildInfo> InfoOfAsync(BuildName name)
    {
        var (_, snapshot) = await FindAsync(name.ToString()).ConfigureAwait(false);
        return await InfoAsync(snapshot, snapshot.Builds.Find(build => build.Entry.Name == name)!).ConfigureAwait(false);
    }

    private long Lag(BuildStatus build) => Enumerable.Range(0, _log.PartitionCount).Sum(p => Math.Max(0, _log.Next(p) - (p < build.Partitions.Length ? build.Partitions[p].Next : 0)));

    private static RebuildState StateOf(BuildsSnapshot snapshot, BuildStatus build) =>
        build.Entry.Name.Number == snapshot.Serving ? RebuildState.Serving
        : !build.HasCode ? RebuildState.Frozen
        : build.Entry.Name.Number == snapshot.Previous ? RebuildState.Previous
        : build.Entry.IsPaused ? RebuildState.Paused
        : Array.Exists(build.Partitions, partition => partition.Problem is not null) ? RebuildState.Failed
        : build.IsLive ? RebuildState.Ready : RebuildState.Building;

    private async Task<RebuildInfo> InfoAsync(BuildsSnapshot snapshot, BuildStatus build)
    {
        var totals = build.HasCode ? await Task.WhenAll(_views.Of(build.Entry).Indexes.Select(index => index.TotalsAsync())).ConfigureAwait(false) : [];
        var watermark = new Cut([.. build.Partitions.Select(partition => partition.Next)]);
        var total = Enumerable.Range(0, _log.PartitionCount).Sum(_log.Next);
        var done = watermark.Count;
        var sample = await LogSample.ReadAsync(_log, 64 << 10, (in Events.RecordedEvent _) => { }, CancellationToken.None).ConfigureAwait(false);
        var elapsed = TimeSpan.FromTicks(Math.Max(0, _time.GetUtcNow().Ticks - build.StartedTicks));
        var pace = elapsed > TimeSpan.Zero ? (done - build.EventsAtStart) / elapsed.TotalSeconds : 0;
        var state = StateOf(snapshot, build);
        return new RebuildInfo(build.Entry.Name.ToString(), build.Entry.Name.View, build.Entry.Name.Version, state, watermark, done, total,
            (long)(done * sample.BytesPerEvent), (long)(total * sample.BytesPerEvent), total == 0 ? 100 : Math.Min(100, 100.0 * done / total),
            state == RebuildState.Building && pace > 0 ? TimeSpan.FromSeconds((total - done) / pace) : null,
            totals.Sum(shard => shard.Instances), totals.Sum(shard => shard.Quarantined), totals.Sum(shard => shard.Held) + build.Partitions.Sum(partition => partition.Held),
            build.Partitions.Select(partition => partition.Problem).FirstOrDefault(problem => problem is not null));
    }

    private void Keep(BuildDiff diff)
    {
        lock (_gate)
        {
            _diffs.Add(diff);
            if (_diffs.Count > DiffsMax)
                _diffs.RemoveAt(0);
        }
    }

    private BuildDiff? Find(GrainBuildSide old, GrainBuildSide @new, string cut)
    {
        lock (_gate)
            return _diffs.Find(diff => diff.Cut.ToString() == cut && diff.IsOf(old, @new));
    }
}
