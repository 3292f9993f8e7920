using System.Numerics;

namespace Kappa.Log;

/// <summary>
/// Which identity hashes the last <c>size</c> positions of a partition hold. A ring holds the hash of each position; an
/// open-addressing table, at most half full, leads from a hash to its places in the ring: 16 bytes per position, and no
/// allocation once it is there. Used by one thread.
/// <code>
///   table entry, u32:  | 1: in use | 7 bits of the hash | 24 bits: place in the ring = sequence modulo size |
/// </code>
/// </summary>
internal sealed class DuplicateWindow
{
    private const uint InUse = 1u << 31;
    private const uint PlaceMask = (1 << 24) - 1;

    private readonly ulong[] _ring;
    private readonly uint[] _table;
    private readonly int _mask;
    private readonly List<ulong> _overwritten = [];
    private readonly long _first;
    private long _next;
    private long _committed;

    /// <param name="size">How many positions, up to 16,777,216.</param>
    /// <param name="next">The sequence of the first position that will be added.</param>
    public DuplicateWindow(int size, long next)
    {
        _ring = new ulong[size];
        _table = new uint[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * size, 2))];
        _mask = _table.Length - 1;
        _next = _first = _committed = next;
    }

    /// <summary>A walk over the positions in the window whose hash equals this one; see <see cref="Candidates.MoveNext"/>.</summary>
    public Candidates Find(ulong hash) => new(this, hash);

    /// <summary>Adds the next position; the one that leaves the window is forgotten.</summary>
    public void Add(ulong hash)
    {
        var place = (int)(_next % _ring.Length);
        if (_next - _first >= _ring.Length)
        {
            _overwritten.Add(_ring[place]);
            Remove(_ring[place], place);
        }
        _ring[place] = hash;
        Insert(hash, place);
        _next++;
    }

    /// <summary>Makes what was added since the last call final.</summary>
    public void Commit()
    {
        _committed = _next;
        _overwritten.Clear();
    }

    /// <summary>Takes back what was added since <see cref="Commit"/>, and brings back what that had pushed out.</summary>
    public void Rollback()
    {
        while (_next > _committed)
        {
            var place = (int)(--_next % _ring.Length);
            Remove(_ring[place], place);
            if (_next - _first < _ring.Length)
                continue;
            _ring[place] = _overwritten[^1];
            _overwritten.RemoveAt(_overwritten.Count - 1);
            Insert(_ring[place], place);
        }
    }

    private void Insert(ulong hash, int place)
    {
        var at = (int)hash & _mask;
        while (_table[at] != 0)
            at = (at + 1) & _mask;
        _table[at] = Entry(hash, place);
    }

    private void Remove(ulong hash, int place)
    {
        var entry = Entry(hash, place);
        var hole = (int)hash & _mask;
        while (_table[hole] != entry)
            hole = (hole + 1) & _mask;
        // Entries behind the hole move up unless that would put them before their home, so that no walk meets a gap.
        for (var at = (hole + 1) & _mask; _table[at] != 0; at = (at + 1) & _mask)
        {
            var home = (int)_ring[_table[at] & PlaceMask] & _mask;
            if (((at - home) & _mask) < ((at - hole) & _mask))
                continue;
            _table[hole] = _table[at];
            hole = at;
        }
        _table[hole] = 0;
    }

    private static uint Entry(ulong hash, int place) => InUse | ((uint)(hash >> 57) << 24) | (uint)place;

    /// <summary>The positions whose hash equals the one looked for.</summary>
    public ref struct Candidates(DuplicateWindow window, ulong hash)
    {
        private int _at = (int)hash & window._mask;

        /// <summary>The position that the walk stands on.</summary>
        public long Sequence { get; private set; }

        public bool MoveNext()
        {
            for (; window._table[_at] is var entry and not 0; _at = (_at + 1) & window._mask)
            {
                var place = (int)(entry & PlaceMask);
                if (entry != Entry(hash, place) || window._ring[place] != hash)
                    continue;
                _at = (_at + 1) & window._mask;
                Sequence = window.SequenceAt(place);
                return true;
            }
            return false;
        }
    }

    /// <summary>The newest position that has this place in the ring.</summary>
    private long SequenceAt(int place)
    {
        var newest = _next - 1;
        var behind = newest % _ring.Length - place;
        return newest - (behind < 0 ? behind + _ring.Length : behind);
    }
}
