using System.Globalization;
using System.Text;

namespace Kappa.Log;

/// <summary>
/// A place in the log as a whole: for each partition the exclusive next sequence, so that an event is inside the cut
/// when its sequence is lower. A partition left out counts as 0. Immutable and safe to share between threads.
/// </summary>
public sealed class Cut : IEquatable<Cut>
{
    private readonly long[] _next;

    public Cut(ReadOnlySpan<long> next) => _next = next.ToArray();

    /// <summary>The cut before every event.</summary>
    public static Cut Zero { get; } = new([]);

    /// <summary>The exclusive next sequence of a partition; 0 for one that the cut does not name.</summary>
    public long this[int partition] => partition < _next.Length ? _next[partition] : 0;

    /// <summary>How many partitions are named, from 0 up; the rest count as 0.</summary>
    public int PartitionCount => _next.Length;

    public bool Contains(Position position) => position.Sequence < this[position.Partition];

    /// <summary>True if every event inside <paramref name="other"/> is inside this cut too.</summary>
    public bool Covers(Cut other)
    {
        for (var p = 0; p < other._next.Length; p++)
            if (other._next[p] > this[p])
                return false;
        return true;
    }

    public Cut With(int partition, long next)
    {
        var copy = new long[Math.Max(_next.Length, partition + 1)];
        _next.CopyTo(copy, 0);
        copy[partition] = next;
        return new Cut(copy);
    }

    /// <summary>The largest cut inside both.</summary>
    public static Cut Min(Cut a, Cut b) => Combine(a, b, Math.Min);

    /// <summary>The smallest cut that covers both.</summary>
    public static Cut Max(Cut a, Cut b) => Combine(a, b, Math.Max);

    /// <summary>How many events lie inside, that is the sum of the next sequences (sequences start at 0).</summary>
    public long Count => _next.Sum();

    /// <summary>The written form, <c>0:13,3:1043</c>; partitions at 0 are left out.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var p = 0; p < _next.Length; p++)
            if (_next[p] > 0)
                text.Append(text.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{p}:{_next[p]}");
        return text.ToString();
    }

    /// <summary>Reads the written form; false if it is anything else, names a partition twice or one above 1023.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Cut cut)
    {
        cut = Zero;
        var result = Zero;
        if (text.IsEmpty)
            return true;
        foreach (var range in text.Split(','))
        {
            if (!Position.TryParse(text[range], out var part) || part.Partition > 1023 || result[part.Partition] != 0)
                return false;
            result = result.With(part.Partition, part.Sequence);
        }
        cut = result;
        return true;
    }

    public bool Equals(Cut? other) => other is not null && Covers(other) && other.Covers(this);
    public override bool Equals(object? obj) => Equals(obj as Cut);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var next in _next.AsSpan().TrimEnd(0))
            hash.Add(next);
        return hash.ToHashCode();
    }

    private static Cut Combine(Cut a, Cut b, Func<long, long, long> choose)
    {
        var next = new long[Math.Max(a._next.Length, b._next.Length)];
        for (var p = 0; p < next.Length; p++)
            next[p] = choose(a[p], b[p]);
        return new Cut(next);
    }
}
