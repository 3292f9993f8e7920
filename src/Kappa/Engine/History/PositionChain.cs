using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// The positions of one list (applied or held) of an instance, by ordinal, as one committed record has them. Reads chunk by
/// chunk and remembers where the chunks stand, so that walking a list in either direction reads each chunk at most twice, however
/// long it is. Chunks are never rewritten: what is read belongs to that record, whatever is committed meanwhile. Not thread-safe.
/// </summary>
internal sealed class PositionChain(ShardStore store)
{
    private static readonly HistoryChunk _none = new(-1, 0, []);

    private readonly List<(long First, long Offset)> _chunks = []; // newest first, as far back as was needed
    private HistoryPointers _pointers = HistoryPointers.None;
    private Position[] _tail = [];
    private HistoryChunk _chunk = _none;
    private long _older = -1;

    /// <summary>Follows a list as a record has it: another one, or the same one grown.</summary>
    public void Follow(HistoryPointers pointers, PositionList tail)
    {
        _tail = tail.ToArray();
        if (pointers == _pointers)
            return;
        (_pointers, _chunk) = (pointers, _none);
        var newer = new List<(long, long)>();
        var known = _chunks.Count > 0 ? _chunks[0].Offset : -1;
        var offset = pointers.LastChunk;
        // Later chunks have larger offsets: below the newest known one there is nothing new.
        while (known >= 0 && offset > known)
        {
            var chunk = Read(offset);
            newer.Add((chunk.First, offset));
            offset = chunk.Before;
        }
        if (known >= 0 && offset == known)
            _chunks.InsertRange(0, newer);
        else
        {
            _chunks.Clear();
            _older = pointers.LastChunk;
        }
    }

    /// <summary>The run of positions that holds an ordinal (0 for the first), and the ordinal at which that run begins.</summary>
    public Position[] RunAt(long ordinal, out long first)
    {
        if (ordinal >= _pointers.InChunks)
        {
            first = _pointers.InChunks;
            return ordinal - first < _tail.Length ? _tail : throw new InvalidDataException($"A history ends before its position {ordinal}.");
        }
        if (ordinal < _chunk.First || ordinal >= _chunk.First + _chunk.Positions.Length)
            _chunk = ChunkOf(ordinal);
        first = _chunk.First;
        return _chunk.Positions;
    }

    private HistoryChunk ChunkOf(long ordinal)
    {
        while (_chunks.Count == 0 || _chunks[^1].First > ordinal)
        {
            if (_older < 0)
                throw new InvalidDataException($"A history has no position {ordinal}: its first chunk begins later.");
            var chunk = Read(_older);
            _chunks.Add((chunk.First, _older));
            _older = chunk.Before;
            if (chunk.First <= ordinal)
                return chunk;
        }
        int low = 0, high = _chunks.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_chunks[middle].First <= ordinal)
                high = middle;
            else
                low = middle + 1;
        }
        return Read(_chunks[low].Offset);
    }

    private HistoryChunk Read(long offset)
    {
        using var bytes = store.ReadHistory(offset);
        return HistoryChunk.Read(bytes.Span);
    }
}
