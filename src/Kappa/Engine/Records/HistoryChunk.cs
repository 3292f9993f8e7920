using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Records;

/// <summary>
/// A run of positions in the history file, never rewritten:
/// <code>kind = 1 · offset of the chunk before it + 1 · ordinal of its first position · count · packed positions</code>
/// Chunks of one list form a chain, newest first. Positions are varints: the partition and sequence of the first, then
/// for each its difference to the one before when in the same partition.
/// </summary>
internal readonly record struct HistoryChunk(long Before, long First, Position[] Positions)
{
    public const byte Kind = 1;

    /// <summary>So many are written into one chunk at most, so that a part of a long history can be read without the rest.</summary>
    public const int PositionsMax = 4096;

    public static void Write(RecordWriter to, long before, long first, ReadOnlySpan<Position> positions)
    {
        to.Byte(Kind);
        to.Varint(before + 1);
        to.Varint(first);
        to.Varint(positions.Length);
        var last = new Position(-1, 0);
        foreach (var position in positions)
        {
            // Partition in the low bits: staying in it, the usual case, costs the difference alone.
            var same = position.Partition == last.Partition && position.Sequence > last.Sequence;
            to.Varint(same ? (position.Sequence - last.Sequence) << 1 : ((long)position.Partition << 1) | 1);
            if (!same)
                to.Varint(position.Sequence);
            last = position;
        }
    }

    public static HistoryChunk Read(ReadOnlySpan<byte> chunk)
    {
        if (chunk[0] != Kind)
            throw new InvalidDataException($"A chunk of positions was expected, but its kind is {chunk[0]}.");
        var reader = new RecordReader(chunk[1..]);
        var (before, first) = (reader.Varint() - 1, reader.Varint());
        var positions = new Position[reader.Varint()];
        var last = new Position(-1, 0);
        for (var i = 0; i < positions.Length; i++)
        {
            var word = reader.Varint();
            last = (word & 1) == 0
                ? last with { Sequence = last.Sequence + (word >> 1) }
                : new Position((int)(word >> 1), reader.Varint());
            positions[i] = last;
        }
        return new HistoryChunk(before, first, positions);
    }
}
