using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Builds;

/// <summary>
/// All builds of one view: the one that serves, the one that served before, and those beside. One pointer says which serves; it is
/// written durably before anybody is answered from another build. What changes the builds goes one at a time; reads never wait.
/// </summary>
internal sealed class ViewBuilds : IAsyncDisposable
{
    private static readonly TimeSpan _catchUpMax = TimeSpan.FromSeconds(30), _standstillMax = TimeSpan.FromSeconds(5);

    private readonly EngineContext _context;
    private readonly string _views;
    private readonly string _directory;
    private readonly SortedDictionary<int, View> _versions = [];
    private readonly SemaphoreSlim _changing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Build> _builds = [];
    private int _last;
    private volatile ServingBuild _serving = null!;
    private volatile Build? _previous;

    private ViewBuilds(EngineContext context, string views, string name, IEnumerable<View> versions)
    {
        (_context, _views, Name) = (context, views, name);
        _directory = Path.Combine(views, name);
        foreach (var view in versions)
            if (!_versions.TryAdd(view.Version, view))
                throw new InvalidOperationException($"Two views are named '{name}' with version {view.Version}; names must differ, or versions.");
    }

    public string Name { get; }

    /// <summary>The build that reads and watches are answered from now.</summary>
    public ServingBuild Serving => _serving;

    public Build? Previous => _previous;

    /// <summary>
    /// Opens what stands on disk and starts folding. Nothing there: the newest version is made, and serves. A version that is newer
    /// than the one that serves is built beside it.
    /// </summary>
    public static ViewBuilds Open(EngineContext context, string views, string name, IEnumerable<View> versions)
    {
        var opened = new ViewBuilds(context, views, name, versions);
        try
        {
            opened.Open();
            return opened;
        }
        catch
        {
            opened.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    public RebuildInfo Info(Build build) => build.Info(build == _serving.Build ? RebuildState.Serving : build == _previous ? RebuildState.Previous : build.State);

    public IReadOnlyList<RebuildInfo> List() => [.. All.Select(Info)];

    public Build? Find(string id) => All.FirstOrDefault(build => build.Id == id);

    /// <summary>The code of a version; of the newest if none is given.</summary>
    public View Code(int? version) => version is null ? _versions.Values.Last()
        : _versions.TryGetValue(version.Value, out var view) ? view
        : throw new UnknownRebuildException($"No code is registered for version {version} of view '{Name}'; there is {string.Join(", ", _versions.Keys)}.");

    public Task<Build> StartAsync(int? version, CancellationToken cancellationToken) => ChangingAsync(_ =>
    {
        var view = Code(version);
        if (All.FirstOrDefault(build => build != _serving.Build && build != _previous) is { } other)
            throw new RebuildStateException($"View '{Name}' is being rebuilt already ({other.Id}); promote or discard that first.");
        return Task.FromResult(Start(view, New(view), isServing: false)!);
    }, cancellationToken);

    public Task PauseAsync(Build build, CancellationToken cancellationToken) => ChangingAsync(async _ =>
    {
        if (build == _serving.Build)
            throw new RebuildStateException($"{build.Id} serves; only a build beside it can be paused.");
        if (build.Runner.IsFrozen || build.State == RebuildState.Failed)
            throw new RebuildStateException($"{build.Id} is {build.State.ToString().ToLowerInvariant()} and folds nothing; discard it.");
        await build.PauseAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }, cancellationToken);

    public Task ResumeAsync(Build build, CancellationToken cancellationToken) => ChangingAsync(_ =>
    {
        if (build.IsPaused)
            build.Resume();
        return Task.FromResult(true);
    }, cancellationToken);

    /// <summary>
    /// Makes another build serve, in one step. <paramref name="keep"/>: what served is kept for a rollback, and what was kept before is dropped;
    /// else it stays as a build beside.
    /// </summary>
    /// <param name="compared">What served when the caller decided; nothing is changed if another build serves by now.</param>
    /// <returns>The cut from which on the other build serves: nothing was served beyond it.</returns>
    public Task<Cut> ServeAsync(Build next, ServingBuild compared, bool keep, CancellationToken cancellationToken) => ChangingAsync(async stop =>
    {
        MustBeAbleToServe(next, compared);
        // No gentle pace now: others wait for it.
        next.Runner.IsServing = true;
        try
        {
            return await SwitchAsync(next, keep, stop).ConfigureAwait(false);
        }
        finally
        {
            next.Runner.IsServing = next == _serving.Build;
        }
    }, cancellationToken);

    public Task DiscardAsync(Build build, CancellationToken cancellationToken) => ChangingAsync(async _ =>
    {
        if (!All.Contains(build))
            throw new UnknownRebuildException($"There is no build '{build.Id}' any more.");
        if (build == _serving.Build)
            throw new RebuildStateException($"{build.Id} serves; promote another build, or roll back, before you discard it.");
        var previous = build == _previous ? null : _previous;
        Point(_serving.Build, previous, build);
        _previous = previous;
        await DropAsync(build).ConfigureAwait(false);
        return true;
    }, cancellationToken);

    /// <summary>Waits for a change that is under way, which ends early; then closes all builds.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(All.Select(build => build.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
        finally
        {
            // Whoever waits for a turn is told that there is none.
            _changing.Release();
        }
    }

    private void Open()
    {
        var stored = StoredBuilds.Read(_context, _views, Name, _versions);
        var (pointer, tried, newest) = (stored.Pointer, new HashSet<BuildDirectory>(), Code(null));
        _last = stored.Last;
        Build? served = null;
        for (var i = 0; i < stored.Candidates.Count && served is null && tried.Add(stored.Candidates[i]); i++)
            served = Start(CodeOf(stored.Candidates[i]), stored.Candidates[i], isServing: true);
        served ??= Start(newest, New(newest), isServing: true)!;
        _serving = new ServingBuild(served);
        foreach (var other in stored.All.Where(build => !tried.Contains(build)))
            if (Start(CodeOf(other), other, isServing: false) is { } build && other.Name == pointer?.Previous)
                _previous = build;
        // Its directory is another one where a damaged build was folded anew.
        if (pointer?.Serving != served.Name || pointer.Previous != _previous?.Name || pointer.Discarded.Count > 0)
            Point(served, _previous, null);
        if (!_builds.Exists(build => build.Directory.Info.Version == newest.Version))
            Start(newest, New(newest), isServing: false);
    }

    private IReadOnlyList<Build> All
    {
        get
        {
            lock (_builds)
                return [.. _builds];
        }
    }

    private void Point(Build serving, Build? previous, Build? discarded) =>
        new ServingPointer(serving.Name, previous?.Name, discarded is null ? [] : [discarded.Name], _last).Write(_context.Disk, _directory);

    private BuildDirectory New(View view)
    {
        var made = BuildDirectory.Create(_context.Disk, _views, view, _context.LogId, _context.Options.Shards, _last, _context.Time);
        _last = made.Number;
        return made;
    }

    private void MustBeAbleToServe(Build next, ServingBuild compared)
    {
        if (compared != _serving)
            throw new RebuildStateException($"Another build ({_serving.Build.Id}) began to serve meanwhile; nothing changed. Compare again.");
        if (!All.Contains(next))
            throw new UnknownRebuildException($"There is no build '{next.Id}' any more.");
        if (next == _serving.Build)
            throw new RebuildStateException($"{next.Id} serves already.");
        if (next.IsPaused)
            throw new RebuildStateException($"{next.Id} is paused; resume it first.");
        if (next.Runner.Info.Status == ViewStatus.Failed)
            throw new RebuildStateException($"{next.Id} has failed: {next.Runner.Problem}");
    }

    private View CodeOf(BuildDirectory build) => _versions.GetValueOrDefault(build.Info.Version) ?? new StoredView(build.Info);

    private Build? Start(View view, BuildDirectory directory, bool isServing)
    {
        if (view.Accept(new RunnerStarter(_context, directory, isServing)) is not { } runner)
        {
            directory.Delete();
            return null;
        }
        var build = new Build(runner, new BuildProgress(_context.Log, runner.Watermark, _context.Time), _context.Log);
        _last = Math.Max(_last, build.Directory.Number);
        lock (_builds)
            _builds.Add(build);
        return build;
    }

    private async Task<Cut> SwitchAsync(Build next, bool keep, CancellationToken stop)
    {
        var (before, kept) = (_serving, _previous);
        var now = before.Runner;
        await CatchUpAsync(now, next, _catchUpMax, stop).ConfigureAwait(false);
        // Most of the way is gone. For the last step what serves stands still, or a read could see more of it than of the other one.
        using var hold = now.IsFrozen ? null : await now.HoldAsync(stop).ConfigureAwait(false);
        await CatchUpAsync(now, next, _standstillMax, stop).ConfigureAwait(false);
        var dropped = keep && kept != next ? kept : null;
        next.Runner.RaiseGeneration(Math.Max(_context.Time.GetUtcNow().Ticks, 1 + All.Max(build => build.Directory.Info.Generation)));
        Point(next, keep ? before.Build : null, dropped);
        var cut = now.Furthest;
        _previous = keep ? before.Build : null;
        _serving = new ServingBuild(next);
        now.IsServing = false;
        await before.EndAsync().ConfigureAwait(false);
        foreach (var build in All)
            build.ForgetDiffs();
        if (dropped is not null)
            await DropAsync(dropped).ConfigureAwait(false);
        return cut;
    }

    /// <summary>Waits until a build has reached all that another one shows.</summary>
    private async Task CatchUpAsync(ViewRunner now, Build next, TimeSpan max, CancellationToken cancellationToken)
    {
        // One without code stays where it is: to serve it again is to go back.
        if (next.Runner.IsFrozen)
            return;
        using var deadline = new CancellationTokenSource(max, _context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await next.Runner.ReachAsync(now.Furthest, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RebuildStateException($"{next.Id} did not reach {now.Furthest}, up to which is served, within {max.TotalSeconds:0} seconds. Nothing changed; try again.");
        }
    }

    private async Task DropAsync(Build build)
    {
        lock (_builds)
            _builds.Remove(build);
        await build.DisposeAsync().ConfigureAwait(false);
        build.ForgetDiffs();
        build.Directory.Delete();
    }

    private async Task<TResult> ChangingAsync<TResult>(Func<CancellationToken, Task<TResult>> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_stop.IsCancellationRequested)
                throw new EngineStoppedException();
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
            return await change(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineStoppedException();
        }
        finally
        {
            _changing.Release();
        }
    }
}
