namespace Kappa.Engine.Folding;

/// <summary>The bounds of one shard.</summary>
/// <param name="HotBytesMax">About how much of states it keeps in memory.</param>
/// <param name="BulkCommitBytes">In bulk it commits after changing this much at the latest.</param>
internal sealed record ShardOptions(long HotBytesMax, long BulkCommitBytes);
