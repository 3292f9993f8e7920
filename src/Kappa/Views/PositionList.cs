using Kappa.Log;

namespace Kappa.Views;

/// <summary>Positions in the order in which they were applied or held, eight bytes each. Not thread-safe.</summary>
public sealed class PositionList
{
    private const int SequenceBits = 48;
    private ulong[] _packed = [];

    public int Count { get; private set; }

    public Position this[int index] => Unpack(_packed[index]);

    public void Add(Position position)
    {
        if (Count == _packed.Length)
            Array.Resize(ref _packed, Count == 0 ? 4 : Count * 2);
        _packed[Count++] = Pack(position);
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
