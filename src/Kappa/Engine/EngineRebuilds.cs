using Kappa.Engine.Builds;
using Kappa.Engine.Diffing;
using Kappa.Engine.Reading;
using Kappa.Views;

namespace Kappa.Engine;

/// <summary>Rebuilds of the embedded engine.</summary>
internal sealed class EngineRebuilds(EngineContext context, Func<string, ViewBuilds> find, Func<IEnumerable<ViewBuilds>> all) : IRebuilds
{
    public async ValueTask<RebuildEstimate> EstimateAsync(string view, int? version, CancellationToken cancellationToken = default) =>
        await find(view).Code(version).Accept(new FoldEstimate(context)).WaitAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<RebuildInfo> StartAsync(string view, int? version, CancellationToken cancellationToken = default)
    {
        var builds = find(view);
        return builds.Info(await builds.StartAsync(version, cancellationToken).ConfigureAwait(false));
    }

    public ValueTask<IReadOnlyList<RebuildInfo>> ListBuildsAsync(string? view, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<RebuildInfo>>(view is null ? [.. all().SelectMany(builds => builds.List())] : find(view).List());

    public ValueTask<RebuildInfo> GetBuildAsync(string id, CancellationToken cancellationToken = default)
    {
        var (builds, build) = Find(id);
        return ValueTask.FromResult(builds.Info(build));
    }

    public async ValueTask<RebuildInfo> PauseAsync(string id, CancellationToken cancellationToken = default)
    {
        var (builds, build) = Find(id);
        await builds.PauseAsync(build, cancellationToken).ConfigureAwait(false);
        return builds.Info(build);
    }

    public async ValueTask<RebuildInfo> ResumeAsync(string id, CancellationToken cancellationToken = default)
    {
        var (builds, build) = Find(id);
        await builds.ResumeAsync(build, cancellationToken).ConfigureAwait(false);
        return builds.Info(build);
    }

    public async ValueTask<DiffPage> DiffAsync(string id, string? after, int take, CancellationToken cancellationToken = default)
    {
        var (builds, build) = Find(id);
        if (after is null)
        {
            var diff = Begin(builds, build);
            var first = await diff.RunAsync(take + 1, null, cancellationToken).ConfigureAwait(false);
            build.Keep(diff);
            return Page(diff, first, take);
        }
        var cursor = Cursor.Read(after, 2);
        if (build.DiffAt(cursor[0]) is not { Summary: not null } going || !going.IsOf(builds.Serving.Runner, build.Runner))
            throw new RebuildStateException($"The diff of {id} at {cursor[0]} was replaced by later ones, or another build serves now; read it again from its first page.");
        return Page(going, await going.AfterAsync(cursor[1], take + 1, cancellationToken).ConfigureAwait(false), take);
    }

    public async ValueTask<PromotionResult> PromoteAsync(string id, PromotionGate? gate, CancellationToken cancellationToken = default)
    {
        var (builds, build) = Find(id);
        var serving = builds.Serving;
        MustBeReady(builds, build);
        DiffSummary? summary = null;
        if (gate is not null)
        {
            var rules = new DiffGate(gate);
            var diff = Begin(builds, build);
            await diff.RunAsync(0, rules, cancellationToken).ConfigureAwait(false);
            summary = diff.Summary;
            if (rules.Refusals() is { Count: > 0 } refusals)
                return new PromotionResult(false, null, summary, refusals);
        }
        return new PromotionResult(true, await builds.ServeAsync(build, serving, keep: true, cancellationToken).ConfigureAwait(false), summary, []);
    }

    public async ValueTask<RebuildInfo> RollbackAsync(string id, CancellationToken cancellationToken = default)
    {
        var (builds, build) = Find(id);
        var serving = builds.Serving;
        if (build != serving.Build)
            throw new RebuildStateException($"{id} does not serve ({serving.Build.Id} does), so that there is nothing to roll back.");
        if (builds.Previous is not { } previous)
            throw new RebuildStateException($"The build that served before {id} was not kept, or {id} was the first; rebuild the version that you want and promote that.");
        await builds.ServeAsync(previous, serving, keep: false, cancellationToken).ConfigureAwait(false);
        return builds.Info(previous);
    }

    public async ValueTask DiscardAsync(string id, CancellationToken cancellationToken = default)
    {
        var (builds, build) = Find(id);
        await builds.DiscardAsync(build, cancellationToken).ConfigureAwait(false);
    }

    private (ViewBuilds Builds, Build Build) Find(string id)
    {
        foreach (var builds in all())
            if (builds.Find(id) is { } build)
                return (builds, build);
        throw new UnknownRebuildException($"There is no build '{id}'; it may have been discarded.");
    }

    private static BuildDiff Begin(ViewBuilds builds, Build build)
    {
        MustBeReady(builds, build);
        return BuildDiff.Begin(builds.Serving.Runner, build.Runner);
    }

    private static void MustBeReady(ViewBuilds builds, Build build)
    {
        var (serving, info) = (builds.Serving, builds.Info(build));
        if (build == serving.Build)
            throw new RebuildStateException($"{build.Id} serves already.");
        // The build that served before goes on folding, and can be compared and promoted again like one that is ready.
        if (info.State is not (RebuildState.Ready or RebuildState.Previous) || build.State != RebuildState.Ready)
            throw new RebuildStateException(build.State switch
            {
                RebuildState.Building => $"{build.Id} is being built ({info.Percent:0.0} %, {info.EventsTotal - info.EventsDone} events to go); wait until it is ready.",
                RebuildState.Paused => $"{build.Id} is paused; resume it, and wait until it is ready.",
                RebuildState.Failed => $"{build.Id} has failed: {info.Problem}",
                _ => $"{build.Id} has no code any more; register its version again, or discard it.",
            });
        if (build.Runner.Info.Status == ViewStatus.Suspect)
            throw new RebuildStateException($"{build.Id} is suspect: {info.Problem} Discard it and start another.");
        // What has no code any more cannot be folded again up to an earlier cut, and need not be: it stands still.
        if (serving.Runner.IsFrozen && !build.Runner.Watermark.Covers(serving.Runner.Furthest))
            throw new RebuildStateException($"{build.Id} has not reached {serving.Runner.Furthest} yet, where {serving.Build.Id} stands; wait until it is there.");
    }

    private static DiffPage Page(BuildDiff diff, List<KeyDiff> found, int take)
    {
        var items = found.Take(take).ToList();
        return new DiffPage(diff.Summary!, items, found.Count > take ? Cursor.Of(diff.Cut.ToString(), items[^1].Key) : null);
    }
}
