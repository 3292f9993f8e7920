namespace Kappa.Engine.Folding;

/// <summary>The bounds of one shard.</summary>
/// <param name="HotBytesMax">About how much of states it keeps in memory.</param>
/// <param name="BulkCommitBytes">In bulk it commits after changing this much at the latest.</param>
/// <param name="IsGentle">True while live views must not be disturbed: commits are small then, even in bulk.</param>
internal sealed record ShardOptions(long HotBytesMax, long BulkCommitBytes, Func<bool> IsGentle)
{
    public const long GentleCommitBytes = 2 << 20;
}
