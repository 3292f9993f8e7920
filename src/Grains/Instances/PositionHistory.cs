using System.Globalization;
using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>
/// An instance's positions, applied or held: the newest travel with its document, older ones stand in chunks, each naming the one before it. A chunk is
/// written once, under an id that nothing else ever had: whoever else tries (another activation, a write that failed, a retry that holds the same events
/// again), what a stored document refers to stays as it was.
/// </summary>
internal sealed class PositionHistory(GrainDocuments documents)
{
    /// <summary>So many positions travel with the document before they move into a chunk.</summary>
    public const int TailMax = 512;

    /// <summary>Small enough for one property of table storage (64 KiB).</summary>
    private const int ChunkMax = 4096;

    /// <summary>Moves the oldest positions of a long tail that need not be at hand into chunks; returns where the chunks now end.</summary>
    /// <param name="settled">True for a position that was audited: no question will come for it any more.</param>
    public async Task<HistoryPointers> SpillAsync(PositionList tail, HistoryPointers pointers, Func<Position, bool> settled)
    {
        if (tail.Count <= TailMax)
            return pointers;
        var count = 0;
        while (count < tail.Count && settled(tail[count]))
            count++;
        if (count < TailMax / 2)
            return pointers;
        var all = Enumerable.Range(0, tail.Count).Select(i => tail[i]).ToList();
        foreach (var chunk in all.Take(count).Chunk(ChunkMax))
        {
            var id = Random.Shared.NextInt64(long.MaxValue);
            await documents.AddAsync(Name(id), new PositionsDocument { Packed = [.. chunk.Select(PositionList.Pack)], Before = pointers.LastChunk });
            pointers = new HistoryPointers(id, pointers.InChunks + chunk.Length);
        }
        tail.Clear();
        foreach (var position in all.Skip(count))
            tail.Add(position);
        return pointers;
    }

    /// <summary>All positions, in order: those in chunks and then those of the tail.</summary>
    /// <exception cref="InvalidDataException">Chunks are missing.</exception>
    public async Task<List<Position>> AllAsync(HistoryPointers pointers, PositionList tail)
    {
        var all = new List<Position>();
        var chunks = new Stack<ulong[]>();
        for (var (id, left) = pointers; left > 0;)
        {
            var chunk = await documents.FindAsync<PositionsDocument>(Name(id));
            if (chunk is null || chunk.Packed.Length == 0 || chunk.Packed.Length > left)
                throw new InvalidDataException($"Of the history {pointers.InChunks} positions should stand in chunks, but {left} of them are missing or damaged.");
            chunks.Push(chunk.Packed);
            (id, left) = (chunk.Before, left - chunk.Packed.Length);
        }
        foreach (var chunk in chunks)
            all.AddRange(chunk.Select(PositionList.Unpack));
        for (var i = 0; i < tail.Count; i++)
            all.Add(tail[i]);
        return all;
    }

    /// <summary>Deletes chunks that no document refers to any more.</summary>
    public async Task ClearAsync(HistoryPointers pointers)
    {
        for (var id = pointers.LastChunk; id >= 0 && await documents.FindAsync<PositionsDocument>(Name(id)) is { } chunk;)
        {
            await documents.ClearAsync<PositionsDocument>(Name(id));
            id = chunk.Before;
        }
    }

    private static string Name(long id) => string.Create(CultureInfo.InvariantCulture, $"positions-{id:x}");
}
