using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>Reads the positions of an instance (applied or held) as a list, and its checkpoints.</summary>
internal static class PositionHistory
{
    /// <summary>
    /// The positions with ordinals from <paramref name="from"/> (0 for the first) up to <paramref name="to"/>, exclusive, in order.
    /// </summary>
    public static List<Position> Read(ShardStore store, HistoryPointers pointers, PositionList tail, long from, long to)
    {
        var chain = new PositionChain(store);
        chain.Follow(pointers, tail);
        var positions = new List<Position>((int)Math.Min(Math.Max(to - from, 0), 1 << 20));
        while (from < to)
        {
            var run = chain.RunAt(from, out var first);
            for (; from < to && from - first < run.Length; from++)
                positions.Add(run[from - first]);
        }
        return positions;
    }

    /// <summary>The newest checkpoint whose version is at most <paramref name="version"/>; null if there is none.</summary>
    public static Checkpoint? CheckpointAtOrBefore(ShardStore store, long lastCheckpoint, long version)
    {
        for (var offset = lastCheckpoint; offset >= 0;)
        {
            using var bytes = store.ReadHistory(offset);
            var (before, at) = Checkpoint.ReadHead(bytes.Span);
            if (at <= version)
                return Checkpoint.Read(bytes.Span);
            offset = before;
        }
        return null;
    }
}
