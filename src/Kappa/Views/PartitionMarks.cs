using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// One sequence per partition, for the few partitions that an instance has to do with: nearly always one, which then
/// costs no allocation.
/// </summary>
public struct PartitionMarks
{
    private const int SequenceBits = 48;

    // The first mark in one word, partition and sequence plus one each (a mark may stand before the first event); 0 is none.
    private ulong _first;
    private List<Position>? _more;

    public readonly int Count => _first == 0 ? 0 : 1 + (_more?.Count ?? 0);

    public readonly Position this[int index] => index == 0 ? First : _more![index - 1];

    /// <summary>The sequence marked for a partition, or -1.</summary>
    public readonly long Of(int partition)
    {
        if (_first == 0)
            return -1;
        var first = First;
        if (first.Partition == partition)
            return first.Sequence;
        if (_more is not null)
            foreach (var mark in _more)
                if (mark.Partition == partition)
                    return mark.Sequence;
        return -1;
    }

    /// <summary>True if everything up to the marks lies inside a cut.</summary>
    public readonly bool AllIn(Cut cut)
    {
        for (var i = 0; i < Count; i++)
            if (!cut.Contains(this[i]))
                return false;
        return true;
    }

    public void Set(Position mark)
    {
        if (_first == 0 || First.Partition == mark.Partition)
            _first = ((ulong)(mark.Partition + 1) << SequenceBits) | (ulong)(mark.Sequence + 1);
        else
        {
            // No lambda here, which would cost an allocation at every mark.
            _more ??= [];
            var index = _more.Count - 1;
            while (index >= 0 && _more[index].Partition != mark.Partition)
                index--;
            if (index < 0)
                _more.Add(mark);
            else
                _more[index] = mark;
        }
    }

    public void Clear()
    {
        _first = 0;
        _more = null;
    }

    private readonly Position First => new((int)(_first >> SequenceBits) - 1, (long)(_first & ((1UL << SequenceBits) - 1)) - 1);
}
