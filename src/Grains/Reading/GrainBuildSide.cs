using Kappa.Engine.Diffing;
using Kappa.Grains.Builds;
using Kappa.Log;

namespace Kappa.Grains.Reading;

/// <summary>A build of the cluster as a diff sees it: its keys and watermark as of when the diff began.</summary>
internal sealed class GrainBuildSide(Serving build, Cut watermark, List<string> keys) : IBuildSide
{
    public BuildName Name => build.Name;
    public int Version => build.Name.Version;
    public bool IsFrozen => false;
    public Cut Watermark => watermark;
    public IEnumerable<string> KeysEver => keys;

    public static async Task<GrainBuildSide> OfAsync(Serving build, BuildStatus status)
    {
        var keys = await Task.WhenAll(build.Indexes.Select(index => index.AllAsync())).ConfigureAwait(false);
        return new GrainBuildSide(build, new Cut([.. status.Partitions.Select(partition => partition.Next)]), [.. keys.SelectMany(some => some)]);
    }

    /// <summary>Whenever it was looked at, it is the same build.</summary>
    public override bool Equals(object? obj) => obj is GrainBuildSide other && other.Name == Name;

    public override int GetHashCode() => Name.GetHashCode();

    public Cut WatermarkOf(string key) => watermark;

    public async ValueTask<ReadOnlyMemory<byte>> StateAtAsync(string key, Cut cut, CancellationToken cancellationToken)
    {
        var then = await build.Instance(key).MomentAsync([.. Enumerable.Range(0, cut.PartitionCount).Select(p => cut[p])]).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (then.PastQuarantine)
            // What is held counts in no build: the last good state is compared.
            return (await build.ReadAsync(key).ConfigureAwait(false)).State;
        return then.State.Length == 0 ? default : Engine.Instances.ServedState.Of(then.State);
    }
}
