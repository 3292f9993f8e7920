using System.Globalization;
using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>
/// One list of an instance's positions, applied or held: the newest travel with its document, older ones stand in chunks that are
/// written once. A re-fold that changes the order begins new chunks, named by the generation.
/// </summary>
internal sealed class PositionHistory(GrainDocuments documents, string list)
{
    /// <summary>So many positions travel with the document before they move into a chunk.</summary>
    private const int TailMax = 512;

    /// <summary>Small enough for one property of table storage (64 KiB).</summary>
    private const int ChunkMax = 4096;

    /// <summary>Moves the oldest positions of a long tail that need not be at hand into chunks; returns where the chunks now end.</summary>
    /// <param name="settled">True for a position that was audited: no question will come for it any more.</param>
    public async Task<HistoryPointers> SpillAsync(PositionList tail, HistoryPointers pointers, long generation, Func<Position, bool> settled)
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
            await documents.OverwriteAsync(Name(generation, pointers.LastChunk + 1), new PositionsDocument { Packed = [.. chunk.Select(PositionList.Pack)] });
            pointers = new HistoryPointers(pointers.LastChunk + 1, pointers.InChunks + chunk.Length);
        }
        tail.Clear();
        foreach (var position in all.Skip(count))
            tail.Add(position);
        return pointers;
    }

    /// <summary>All positions, in order: those in chunks and then those of the tail.</summary>
    public async Task<List<Position>> AllAsync(HistoryPointers pointers, long generation, PositionList tail)
    {
        var all = new List<Position>();
        for (var chunk = 0L; chunk <= pointers.LastChunk; chunk++)
            all.AddRange((await documents.ReadAsync<PositionsDocument>(Name(generation, chunk))).Packed.Select(PositionList.Unpack));
        if (all.Count != pointers.InChunks)
            throw new InvalidDataException($"The {list} history has {all.Count} positions in its chunks, but should have {pointers.InChunks}: documents of it are missing.");
        for (var i = 0; i < tail.Count; i++)
            all.Add(tail[i]);
        return all;
    }

    public async Task ClearAsync(HistoryPointers pointers, long generation)
    {
        for (var chunk = 0L; chunk <= pointers.LastChunk; chunk++)
            await documents.ClearAsync<PositionsDocument>(Name(generation, chunk));
    }

    private string Name(long generation, long chunk) => string.Create(CultureInfo.InvariantCulture, $"{list}-{generation}-{chunk}");
}
