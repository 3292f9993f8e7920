using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Log;

namespace Kappa.Engine.History;

/// <summary>Reads the positions of an instance (applied or held) from its chain of chunks and its tail.</summary>
internal static class PositionHistory
{
    /// <summary>
    /// The positions with ordinals from <paramref name="from"/> (0 for the first) up to <paramref name="to"/>, exclusive, in order.
    /// The chain is walked from its end only as far back as needed; chunks before that are not read.
    /// </summary>
    public static List<Position> Read(ShardStore store, HistoryPointers pointers, IReadOnlyList<Position> tail, long from, long to)
    {
        var chunks = new Stack<HistoryChunk>();
        for (var (offset, first) = (pointers.LastChunk, pointers.InChunks); offset >= 0 && first > from;)
        {
            using var bytes = store.ReadHistory(offset);
            var chunk = HistoryChunk.Read(bytes.Span);
            if (chunk.First < to)
                chunks.Push(chunk);
            (offset, first) = (chunk.Before, chunk.First);
        }
        var positions = new List<Position>((int)Math.Min(Math.Max(to - from, 0), 1 << 20));
        foreach (var chunk in chunks)
            Add(chunk.First, chunk.Positions);
        Add(pointers.InChunks, tail);
        return positions;

        void Add(long first, IReadOnlyList<Position> run)
        {
            for (var i = (int)Math.Clamp(from - first, 0, run.Count); i < run.Count && first + i < to; i++)
                positions.Add(run[i]);
        }
    }

    /// <summary>The newest checkpoint whose version is at most <paramref name="version"/>; null if there is none.</summary>
    public static Checkpoint? CheckpointAtOrBefore(ShardStore store, long lastCheckpoint, long version)
    {
        for (var offset = lastCheckpoint; offset >= 0;)
        {
            using var bytes = store.ReadHistory(offset);
            var checkpoint = Checkpoint.Read(bytes.Span);
            if (checkpoint.Version <= version)
                return checkpoint;
            offset = checkpoint.Before;
        }
        return null;
    }
}
