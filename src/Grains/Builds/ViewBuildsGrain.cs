using Kappa.Grains.Auditing;
using Kappa.Grains.Hosting;
using Kappa.Grains.Instances;
using Kappa.Log;
using Orleans;
using Orleans.Concurrency;

namespace Kappa.Grains.Builds;

/// <summary>
/// See <see cref="IViewBuildsGrain"/>. Reentrant; changes take turns.
/// <para>A promotion: the candidate catches up; no lease is given any more, and those out run out; the candidate reaches the end of the log as it
/// is then, beyond which nobody can have been shown anything; the pointer is written; leases are given again.</para>
/// </summary>
[Reentrant]
internal sealed class ViewBuildsGrain(GrainsContext context, ViewVersions versions) : Grain, IViewBuildsGrain
{
    private const int CatchUpMilliseconds = 20_000;

    private readonly Turns _turns = new();
    private readonly BuildClearing _clearing = new(context, versions);
    private readonly Dictionary<BuildName, BuildStatus> _status = [];
    private KeptDocument<BuildsDocument>? _document;
    private Task _leasesHeld = Task.CompletedTask;

    public async Task<BuildsSnapshot> LeaseAsync()
    {
        while (!_leasesHeld.IsCompleted)
            await _leasesHeld;
        // Whoever asks first need not wait until somebody looks after the view.
        if ((await Document.LoadAsync()).Serving == 0)
            await MakeNewInTurnAsync();
        var document = await Document.LoadAsync();
        return new BuildsSnapshot(View, [.. document.Builds.Select(StatusOf)], document.Serving, document.Previous, (int)context.Options.Lease.TotalMilliseconds);
    }

    public async Task<BuildEntry?> FindAsync(BuildName build) => (await Document.LoadAsync()).Builds.Find(entry => entry.Name == build);

    public async Task LookAfterAsync()
    {
        if (_turns.IsFree)
            await MakeNewInTurnAsync();
        foreach (var entry in (await Document.LoadAsync()).Builds)
            await LookAfterAsync(entry);
        if ((await Document.LoadAsync()).Leaving.Count > 0)
            await ClearLeavingAsync();
    }

    public Task<BuildOutcome> StartAsync(int? version) => InTurnAsync(async () =>
    {
        var document = await Document.LoadAsync();
        var known = versions.Of(View);
        var wanted = version ?? (known.Count > 0 ? known[^1] : 0);
        if (!known.Contains(wanted))
            return new BuildOutcome(default, null, $"There is no code of {View} v{wanted} in this cluster; it has v{string.Join(", v", known)}.");
        if (document.Builds.Find(build => build.Name.Number != document.Serving && build.Name.Number != document.Previous) is { } going)
            return new BuildOutcome(going.Name, null, $"{going.Name} is there already; promote or discard it first.");
        return new BuildOutcome(await MakeAsync(wanted), null, null);
    });

    public Task<BuildOutcome> PauseAsync(BuildName build, bool isPaused) => InTurnAsync(async () =>
    {
        var document = (await Document.LoadAsync()).Copy();
        var at = document.Builds.FindIndex(entry => entry.Name == build);
        if (at < 0)
            return Unknown(build);
        if (isPaused && document.Serving == build.Number)
            return new BuildOutcome(build, null, $"{build} serves; it cannot be paused.");
        document.Builds[at] = document.Builds[at] with { IsPaused = isPaused };
        await Document.WriteAsync(document);
        await LookAfterAsync(document.Builds[at]);
        return new BuildOutcome(build, null, null);
    });

    public Task<BuildOutcome> ServeAsync(BuildName build, bool keep) => InTurnAsync(async () =>
    {
        var document = (await Document.LoadAsync()).Copy();
        var at = document.Builds.FindIndex(entry => entry.Name == build);
        if (at < 0)
            return Unknown(build);
        if (document.Serving == build.Number)
            return new BuildOutcome(build, null, $"{build} serves already.");
        if (document.Builds[at].IsPaused)
            return new BuildOutcome(build, null, $"{build} is paused; resume it, and wait until it is ready.");
        if (!await ReachedAsync(build, await LogCuts.EndAsync(context.LogReader)))
            return new BuildOutcome(build, null, $"{build} did not reach the end of the log within {CatchUpMilliseconds / 1000} seconds. Nothing changed; try again.");
        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _leasesHeld = given.Task;
        try
        {
            await Task.Delay(context.Options.Lease, context.Time);
            var cut = await LogCuts.EndAsync(context.LogReader);
            if (!await ReachedAsync(build, cut))
                return new BuildOutcome(build, null, $"{build} did not reach {cut} within {CatchUpMilliseconds / 1000} seconds. Nothing changed; try again.");
            // Far enough from all that were given before that the generations of single instances, which are added, never meet them.
            document.Builds[at] = document.Builds[at] with { Generation = Math.Max(context.Time.GetUtcNow().Ticks, document.Builds.Max(entry => entry.Generation) + 1_000_000) };
            var dropped = keep ? document.Previous : 0;
            (document.Previous, document.Serving) = (keep ? document.Serving : 0, build.Number);
            if (dropped == build.Number)
                dropped = 0;
            var gone = document.Builds.Find(entry => entry.Name.Number == dropped);
            if (gone is not null)
                Remove(document, gone.Name);
            await Document.WriteAsync(document);
            context.Log.Serves(build);
            return new BuildOutcome(build, [.. Enumerable.Range(0, cut.PartitionCount).Select(p => cut[p])], null);
        }
        finally
        {
            given.SetResult();
        }
    });

    public async Task<BuildOutcome> DiscardAsync(BuildName build)
    {
        var outcome = await InTurnAsync(async () =>
        {
            var document = (await Document.LoadAsync()).Copy();
            if (document.Serving == build.Number)
                return new BuildOutcome(build, null, $"{build} serves; promote another build first.");
            if (!document.Builds.Exists(entry => entry.Name == build))
                return Unknown(build);
            Remove(document, build);
            if (document.Previous == build.Number)
                document.Previous = 0;
            await Document.WriteAsync(document);
            return new BuildOutcome(build, null, null);
        });
        if (outcome.Refusal is null)
            await ClearLeavingAsync();
        return outcome;
    }

    private string View => this.GetPrimaryKeyString();

    private static BuildOutcome Unknown(BuildName build) => new(default, null, $"There is no build '{build}'; it may have been discarded.");

    private BuildStatus StatusOf(BuildEntry entry) => _status.TryGetValue(entry.Name, out var status)
        ? status with { Entry = entry }
        : new BuildStatus(entry, [], false, versions.IsAnywhere(entry.Name.View, entry.Name.Version), 0, context.Time.GetUtcNow().Ticks);

    private Task<BuildOutcome> InTurnAsync(Func<Task<BuildOutcome>> change) => _turns.TakeAsync(async () =>
    {
        try
        {
            return await change();
        }
        catch
        {
            Document.Forget();
            throw;
        }
    });

    private Task<BuildOutcome> MakeNewInTurnAsync() => InTurnAsync(async () =>
    {
        await MakeNewAsync();
        return new BuildOutcome(default, null, null);
    });

    /// <summary>The first build, and one for each version that came since.</summary>
    private async Task MakeNewAsync()
    {
        var document = await Document.LoadAsync();
        var known = versions.Of(View);
        if (known.Count == 0 || known[^1] <= document.LastVersion)
            return;
        if (document.Serving == 0)
            await MakeAsync(known[^1]);
        else
            foreach (var version in known.Where(version => version > document.LastVersion))
                await MakeAsync(version);
    }

    private async Task<BuildName> MakeAsync(int version)
    {
        var document = (await Document.LoadAsync()).Copy();
        var name = new BuildName(View, version, document.LastNumber + 1);
        var now = context.Time.GetUtcNow().Ticks;
        document.Builds.Add(new BuildEntry(name, now, false, now));
        (document.LastNumber, document.LastVersion) = (name.Number, Math.Max(document.LastVersion, version));
        if (document.Serving == 0)
            document.Serving = name.Number;
        await Document.WriteAsync(document);
        context.Log.Made(name, View);
        return name;
    }

    private async Task LookAfterAsync(BuildEntry entry)
    {
        var before = StatusOf(entry);
        if (!versions.IsAnywhere(entry.Name.View, entry.Name.Version))
        {
            _status[entry.Name] = before with { HasCode = false, IsLive = false };
            return;
        }
        var partitions = await Task.WhenAll(Enumerable.Range(0, context.LogReader.PartitionCount).Select(partition => Auditor(entry.Name, partition).LookAfterAsync(entry.IsPaused)));
        var done = partitions.Sum(partition => partition.Next);
        _status[entry.Name] = before with
        {
            HasCode = true,
            Partitions = partitions,
            IsLive = !entry.IsPaused && Array.TrueForAll(partitions, partition => partition.End - partition.Next <= context.Options.LiveDistance),
            EventsAtStart = before.Partitions.Length == 0 ? done : before.EventsAtStart,
        };
    }

    private async Task<bool> ReachedAsync(BuildName build, Cut cut)
    {
        var reached = await Task.WhenAll(Enumerable.Range(0, cut.PartitionCount).Select(partition => Auditor(build, partition).ReachAsync(cut[partition], CatchUpMilliseconds)));
        return Array.TrueForAll(reached, one => one);
    }

    private void Remove(BuildsDocument document, BuildName build)
    {
        document.Builds.RemoveAll(entry => entry.Name == build);
        document.Leaving.Add(new BuildLeaving(build, (context.Time.GetUtcNow() + BuildClearing.Again).Ticks));
        _status.Remove(build);
    }

    private async Task ClearLeavingAsync()
    {
        foreach (var cleared in await _clearing.RunAsync((await Document.LoadAsync()).Leaving))
            await InTurnAsync(async () =>
            {
                var document = (await Document.LoadAsync()).Copy();
                document.Leaving.Remove(cleared);
                await Document.WriteAsync(document);
                return default!;
            });
    }

    private IPartitionAuditorGrain Auditor(BuildName build, int partition) => context.Grains.GetGrain<IPartitionAuditorGrain>(PartitionAuditorGrain.KeyOf(build, partition));

    private KeptDocument<BuildsDocument> Document => _document ??= new KeptDocument<BuildsDocument>(new GrainDocuments(context.Storage, this.GetGrainId()), "builds");
}
