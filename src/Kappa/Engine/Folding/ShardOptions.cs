namespace Kappa.Engine.Folding;

/// <summary>The bounds of one shard.</summary>
/// <param name="HotBytesMax">About how much of states it keeps in memory.</param>
/// <param name="BulkCommitBytes">In bulk it commits after changing this much at the latest.</param>
/// <param name="IsGentle">True while live views must not be disturbed: commits are small then, even in bulk.</param>
/// <param name="Flushes">Shared by all shards of an engine.</param>
internal sealed record ShardOptions(long HotBytesMax, long BulkCommitBytes, Func<bool> IsGentle, FlushLine Flushes)
{
    public const long GentleCommitBytes = 128 << 10;

    /// <summary>Such a shard flushes after so much, in pieces that keep nobody's flush of the log waiting for long.</summary>
    public const long GentleFlushBytes = 256 << 10;

    /// <summary>
    /// What a shard that must not disturb others keeps at hand between two commits. Reading an instance again costs some microseconds; keeping
    /// all that a rebuild touches would have the collector stop everybody, again and again, to move it.
    /// </summary>
    public const long GentleHotBytes = 1 << 20;
}
