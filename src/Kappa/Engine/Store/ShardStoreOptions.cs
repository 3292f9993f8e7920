namespace Kappa.Engine.Store;

/// <summary>The bounds of a shard's store.</summary>
internal sealed class ShardStoreOptions
{
    /// <summary>A segment is sealed by the commit with which it reaches this size; so it may be larger by one commit.</summary>
    public long SegmentBytesMax { get; init; } = 32L << 20;

    /// <summary>Below this much garbage nothing is cleaned: small stores are not worth the writes.</summary>
    public long GarbageBytesMin { get; init; } = 4L << 20;

    /// <summary>Cleaning starts when more than this percentage of the sealed bytes is garbage.</summary>
    public int GarbagePercentMax { get; init; } = 50;
}
