using Kappa.Grains.Auditing;
using Kappa.Grains.Hosting;
using Kappa.Grains.Indexes;
using Kappa.Grains.Instances;
using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>Deletes what grain storage has of builds that are no longer listed: at once, and once more when no stream brings anything to their instances.</summary>
internal sealed class BuildClearing(GrainsContext context, ViewVersions versions)
{
    private const int AtOnce = 64;

    /// <summary>Longer than streams keep a run for an instance.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly HashSet<BuildName> _once = [];
    private bool _isRunning;

    /// <summary>Goes on with those; whatever stands in the way, the next round tries again. Returns which of them are done with.</summary>
    public async Task<List<BuildLeaving>> RunAsync(List<BuildLeaving> leaving)
    {
        var done = new List<BuildLeaving>();
        if (_isRunning)
            return done;
        _isRunning = true;
        try
        {
            // Without its code nothing of a build can be found.
            foreach (var build in leaving.Where(build => versions.IsAnywhere(build.Name.View, build.Name.Version)))
            {
                var isLast = context.Time.GetUtcNow().Ticks >= build.UntilTicks;
                if (isLast || !_once.Contains(build.Name))
                    await ClearAsync(build.Name);
                _once.Add(build.Name);
                if (isLast)
                    done.Add(build);
            }
        }
#pragma warning disable CA1031 // The build is no longer listed, which is what counts; its documents go later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            context.Log.NotCleared(e);
        }
        finally
        {
            _isRunning = false;
        }
        return done;
    }

    private async Task ClearAsync(BuildName build)
    {
        // Auditors first, or they would bring the instances back; then those, since the index alone knows them.
        for (var partition = 0; partition < context.LogReader.PartitionCount; partition++)
            await context.Grains.GetGrain<IPartitionAuditorGrain>(PartitionAuditorGrain.KeyOf(build, partition)).DiscardAsync();
        for (var shard = 0; shard < context.Shards.Count; shard++)
        {
            var index = context.Grains.GetGrain<IViewIndexGrain>(IndexShards.GrainKey(build, shard));
            foreach (var part in (await index.AllAsync()).Chunk(AtOnce))
                await Task.WhenAll(part.Select(key => context.Grains.GetGrain<IViewGrain>(build.InstanceOf(key)).DiscardAsync()));
            await index.DiscardAsync();
        }
    }
}
