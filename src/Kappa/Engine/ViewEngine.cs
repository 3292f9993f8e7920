using System.Globalization;
using System.Runtime.CompilerServices;
using Kappa.Engine.Builds;
using Kappa.Engine.Folding;
using Kappa.Engine.Reading;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine;

/// <summary>
/// The embedded engine: one runner per view, all reading one log, each with a store of its own under one directory. Views
/// share nothing, so a new, slow or broken one never touches the others. Open it before the host takes requests, and
/// dispose it before the log.
/// </summary>
public sealed class ViewEngine : IViews, IAsyncDisposable
{
    private readonly SortedDictionary<string, ViewBuilds> _views = new(StringComparer.Ordinal);
    private readonly EngineContext _context;
    private int _stopped;

    private ViewEngine(EngineContext context)
    {
        _context = context;
        Rebuilds = new EngineRebuilds(context, Builds, () => _views.Values);
    }

    /// <summary>Builds of views beside those that serve: start, compare, promote, roll back.</summary>
    public IRebuilds Rebuilds { get; }

    /// <summary>
    /// Opens the stores and starts folding: a view from where it stood, a new one from the start of the log while the others serve. Several
    /// versions of a view may be given: the one that served last goes on serving, and a newer one is built beside it until it is
    /// promoted. A view that was never there serves its newest version at once. If the version that serves is not among them, its
    /// last states are served, marked as stale.
    /// </summary>
    /// <param name="directory">Where the views' stores are kept; what stands there can always be folded again from the log.</param>
    /// <exception cref="InvalidOperationException">Two views have one name and version, or a view handles an event that is not registered.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static ViewEngine Open(ILogReader log, EventTypes types, IEnumerable<View> views, string directory,
        EngineOptions? options = null, IDisk? disk = null, TimeProvider? time = null)
    {
        options ??= new EngineOptions();
        if (options.Validate() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        time ??= TimeProvider.System;
        var context = new EngineContext(log, log.LogId, types.Seal(), options, disk ?? PhysicalDisk.Instance, time, new WatchBudget(options.WatchersMax),
            new RebuildPace(log, options.RebuildShare, time), new FlushLine());
        var engine = new ViewEngine(context);
        // Reading the stores back takes time where they are large; the views do it side by side.
        var opening = views.GroupBy(view => view.Name, StringComparer.Ordinal)
            .Select(versions => Task.Run(() => ViewBuilds.Open(context, directory, versions.Key, versions))).ToArray();
        try
        {
            foreach (var view in Task.WhenAll(opening).GetAwaiter().GetResult())
                engine._views.Add(view.Name, view);
            return engine;
        }
        catch
        {
            // Those that did start hold files; they must not outlive an engine that nobody got.
            foreach (var opened in opening.Where(open => open.IsCompletedSuccessfully))
                opened.Result.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    public ValueTask<IReadOnlyList<ViewInfo>> ListAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<ViewInfo>>([.. _views.Values.Select(view => view.Serving.Runner.Info)]);

    public ValueTask<ReadResult> ReadAsync(string view, string key, Receipt? receipt = null, TimeSpan wait = default, CancellationToken cancellationToken = default) =>
        Runner(view).ReadAsync(key, receipt, wait, cancellationToken);

    public async ValueTask<ReadResult> ReadAtAsync(string view, string key, AsOf at, TimeSpan wait = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(at);
        var runner = Runner(view);
        var cut = await at.CutInAsync(_context.Log, _context.Time, cancellationToken).ConfigureAwait(false);
        return await runner.ReadAtAsync(key, cut, wait, cancellationToken).ConfigureAwait(false) with { Cut = cut };
    }

    public ValueTask<Page<KeyInfo>> KeysAsync(string view, string prefix, string? after, int take, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Runner(view).Keys(prefix, after, take));

    public ValueTask<Page<ViewEnvelope>> LookupAsync(string view, string lookup, string value, string? after, int take, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Runner(view).Lookup(lookup, value, after, take));

    public ValueTask<IReadOnlyList<ViewEnvelope>> TopAsync(string view, string rank, int take, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Runner(view).Top(rank, take));

    public IAsyncEnumerable<ViewEnvelope> WatchAsync(string view, string key, WatchToken? token, WatchMode mode, CancellationToken cancellationToken = default) =>
        ServingWatch.FollowAsync<ViewEnvelope>(Builds(view), (runner, last, stop) => runner.WatchAsync(key, last?.Token ?? token, mode, stop), cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<ViewEnvelope>> WatchTopAsync(string view, string rank, int take, CancellationToken cancellationToken = default)
    {
        var builds = Builds(view);
        return builds.Serving.Runner.View.Ranks.Any(definition => definition.Name == rank)
            ? ServingWatch.FollowAsync<IReadOnlyList<ViewEnvelope>>(builds, (runner, _, stop) => runner.WatchTopAsync(rank, take, stop), cancellationToken)
            : throw new UnknownIndexException(view, "rank", rank);
    }

    public async ValueTask<Page<HistoryItem>?> HistoryAsync(string view, string key, long after, int take, CancellationToken cancellationToken = default) =>
        await Runner(view).HistoryAsync(key, after, take, cancellationToken).ConfigureAwait(false);

    public ValueTask<Page<QuarantineItem>> QuarantineAsync(string? after, int take, CancellationToken cancellationToken = default)
    {
        // A cursor is the last item's view, its key ("k…") or its position at the view ("p…").
        var cursor = after is null ? null : Cursor.Read(after, 2);
        var items = new List<QuarantineItem>();
        foreach (var runner in _views.Values.Select(view => view.Serving.Runner))
        {
            var order = cursor is null ? 1 : string.CompareOrdinal(runner.View.Name, cursor[0]);
            if (order < 0 || items.Count > take)
                continue;
            Position? position = order == 0 && cursor![1].StartsWith('p') && Position.TryParse(cursor[1].AsSpan(1), out var at) ? at : null;
            var key = order == 0 && cursor![1].StartsWith('k') ? cursor[1][1..] : null;
            items.AddRange(runner.Quarantined(position, key, take + 1 - items.Count));
        }
        var page = items.Take(take).ToList();
        var last = items.Count > take ? page[^1] : null;
        return ValueTask.FromResult(new Page<QuarantineItem>(page,
            last is null ? null : Cursor.Of(last.View, last.Key is null ? "p" + last.Position : "k" + last.Key)));
    }

    public async ValueTask<RetryResult> RetryAsync(string view, string key, CancellationToken cancellationToken = default) =>
        await Runner(view).RetryAsync(key, cancellationToken).ConfigureAwait(false);

    public async ValueTask<RetryResult> RetryAsync(string view, Position position, CancellationToken cancellationToken = default) =>
        await Runner(view).RetryAsync(position, cancellationToken).ConfigureAwait(false);

    public async ValueTask<AuditReport> AuditAsync(string view, CancellationToken cancellationToken = default) =>
        await Runner(view).AuditAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Stops reading, commits and flushes what was folded, ends all watches. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await Task.WhenAll(_views.Values.Select(view => view.DisposeAsync().AsTask())).ConfigureAwait(false);
            _context.Pace.Dispose();
        }
    }

    private ViewRunner Runner(string view) => Builds(view).Serving.Runner;

    private ViewBuilds Builds(string view) => Volatile.Read(ref _stopped) != 0
        ? throw new EngineStoppedException()
        : _views.TryGetValue(view, out var builds) ? builds : throw new UnknownViewException(view);
}
