using Kappa.Log;

namespace Kappa.Views;

/// <summary>Positions in the order in which they were applied or held, eight bytes each. Not thread-safe.</summary>
public sealed class PositionList
{
    private const int SequenceBits = 48;
    private const int Spare = 4;
    private ulong[] _packed = [];

    public PositionList()
    {
    }

    /// <summary>A list with room for so many, and for a few that will soon be added.</summary>
    internal PositionList(int count) => _packed = count == 0 ? [] : new ulong[count + Spare];

    public int Count { get; private set; }

    public Position this[int index] => Unpack(_packed[index]);

    internal ReadOnlySpan<ulong> Packed => _packed.AsSpan(0, Count);

    public void Add(Position position) => Add(Pack(position));

    internal void Add(ulong packed)
    {
        if (Count == _packed.Length)
            Array.Resize(ref _packed, Count == 0 ? Spare : Count * 2);
        _packed[Count++] = packed;
    }

    /// <summary>Becomes what another list is, which must not be used any more.</summary>
    internal void TakeOver(PositionList other) => (_packed, Count) = (other._packed, other.Count);

    internal Position[] ToArray()
    {
        var positions = new Position[Count];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = this[i];
        return positions;
    }

    /// <summary>Forgets all positions, and the room of a list that had grown large.</summary>
    public void Clear()
    {
        Count = 0;
        if (_packed.Length > 256)
            _packed = [];
    }

    /// <summary>One word for a position: 16 bits of partition, 48 bits of sequence.</summary>
    public static ulong Pack(Position position) => ((ulong)position.Partition << SequenceBits) | (ulong)position.Sequence;

    public static Position Unpack(ulong packed) =>
        new((int)(packed >> SequenceBits), (long)(packed & ((1UL << SequenceBits) - 1)));
}
