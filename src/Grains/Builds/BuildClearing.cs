using Kappa.Grains.Auditing;
using Kappa.Grains.Hosting;
using Kappa.Grains.Indexes;
using Kappa.Grains.Instances;
using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>
/// Deletes what grain storage has of builds that are no longer listed: at once, and once more when no stream brings anything to their instances. What cannot
/// be deleted holds up nothing else, and is tried again ever more seldom.
/// </summary>
internal sealed class BuildClearing(GrainsContext context, ViewVersions versions)
{
    private const int AtOnce = 64;

    /// <summary>So many documents that cannot be deleted are no single ones that were damaged: storage is away.</summary>
    private const int FailuresMax = 100;

    /// <summary>Longer than streams keep a run for an instance.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _pauseMin = TimeSpan.FromSeconds(1), _pauseMax = TimeSpan.FromMinutes(10);

    private readonly Dictionary<BuildName, (DateTimeOffset Due, TimeSpan Pause)> _next = [];
    private bool _isRunning;

    /// <summary>Goes on with those whose time has come; returns which of them are done with.</summary>
    public async Task<List<BuildLeaving>> RunAsync(List<BuildLeaving> leaving)
    {
        var done = new List<BuildLeaving>();
        if (_isRunning)
            return done;
        _isRunning = true;
        try
        {
            foreach (var build in leaving)
                if (await TryAsync(build))
                    done.Add(build);
            return done;
        }
        finally
        {
            _isRunning = false;
        }
    }

    /// <summary>True if nothing of it is left, nor will come again.</summary>
    private async Task<bool> TryAsync(BuildLeaving build)
    {
        var (due, pause) = _next.GetValueOrDefault(build.Name);
        var now = context.Time.GetUtcNow();
        // Without its code nothing of a build can be found.
        if (now < due || !versions.IsAnywhere(build.Name.View, build.Name.Version))
            return false;
        var last = new DateTimeOffset(build.UntilTicks, TimeSpan.Zero);
        try
        {
            await ClearAsync(build.Name);
            _next[build.Name] = (last, TimeSpan.Zero);
            return now >= last;
        }
#pragma warning disable CA1031 // The build is no longer listed, which is what counts; its documents go later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            pause = pause == TimeSpan.Zero ? _pauseMin : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _pauseMax.Ticks));
            _next[build.Name] = (context.Time.GetUtcNow() + pause, pause);
            context.Log.NotCleared(build.Name, pause, e);
            return false;
        }
    }

    private async Task ClearAsync(BuildName build)
    {
        // Auditors first, or they would bring the instances back; then those, since the index alone knows them.
        for (var partition = 0; partition < context.LogReader.PartitionCount; partition++)
            await context.Grains.GetGrain<IPartitionAuditorGrain>(PartitionAuditorGrain.KeyOf(build, partition)).DiscardAsync();
        var failures = new List<Exception>();
        for (var shard = 0; shard < context.Shards.Count && failures.Count < FailuresMax; shard++)
        {
            var index = context.Grains.GetGrain<IViewIndexGrain>(IndexShards.GrainKey(build, shard));
            await TryAsync(() => ClearAsync(build, index, failures), failures);
        }
        if (failures.Count > 0)
            throw new AggregateException($"{failures.Count} documents or more could not be deleted.", failures.Take(10));
    }

    private async Task ClearAsync(BuildName build, IViewIndexGrain index, List<Exception> failures)
    {
        var before = failures.Count;
        foreach (var part in (await index.AllAsync()).Chunk(AtOnce))
            if (failures.Count < FailuresMax)
                await Task.WhenAll(part.Select(key => TryAsync(() => context.Grains.GetGrain<IViewGrain>(build.InstanceOf(key)).DiscardAsync(), failures)));
        // As long as the index is there, what is left is found.
        if (failures.Count == before)
            await index.DiscardAsync();
    }

    private static async Task TryAsync(Func<Task> step, List<Exception> failures)
    {
        try
        {
            await step();
        }
#pragma warning disable CA1031 // Told when all the rest has been tried.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failures.Add(e);
        }
    }
}
