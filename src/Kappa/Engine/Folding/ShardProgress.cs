using Kappa.Log;

namespace Kappa.Engine.Folding;

/// <summary>
/// How far a shard has dealt with each partition. A partition's mark is moved by whoever has the shard's turn, or by the
/// partition's feed while nothing of that partition is under way in the shard: never by both at once.
/// </summary>
internal sealed class ShardProgress
{
    private readonly long[] _next;
    private readonly bool[] _behind;
    private readonly int[] _given;

    public ShardProgress(int partitions, Cut start)
    {
        (_next, _behind, _given) = (new long[partitions], new bool[partitions], new int[partitions]);
        for (var p = 0; p < partitions; p++)
            _next[p] = start[p];
    }

    /// <summary>Everything before this cut was folded or concerned nobody.</summary>
    public Cut Cut => new(_next);

    public long Next(int partition) => Volatile.Read(ref _next[partition]);

    public void MoveTo(int partition, long next) => Volatile.Write(ref _next[partition], next);

    /// <summary>True while a partition's feed is far from the end of the log.</summary>
    public bool IsBehind(int partition) => Volatile.Read(ref _behind[partition]);

    public void SetBehind(int partition, bool behind) => Volatile.Write(ref _behind[partition], behind);

    public bool IsAnyBehind()
    {
        for (var p = 0; p < _behind.Length; p++)
            if (IsBehind(p))
                return true;
        return false;
    }

    /// <summary>True while a run of the partition is queued; a later one must not overtake it.</summary>
    public bool IsQueued(int partition) => Volatile.Read(ref _given[partition]) != 0;

    public void Queued(int partition) => Interlocked.Increment(ref _given[partition]);

    public void Dequeued(int partition) => Interlocked.Decrement(ref _given[partition]);
}
