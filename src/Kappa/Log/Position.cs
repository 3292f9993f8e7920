using System.Globalization;

namespace Kappa.Log;

/// <summary>
/// Where one event stands in the log: its partition, and its sequence there. Sequences are contiguous from 0 in each
/// partition. Positions of one partition are ordered; positions of different partitions are not ordered in time, and
/// <see cref="CompareTo"/> only sorts them (by partition, then sequence) for display.
/// </summary>
public readonly record struct Position(int Partition, long Sequence) : IComparable<Position>
{
    /// <summary>The written form, <c>partition:sequence</c>, as in <c>3:1042</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}:{Sequence}");

    /// <summary>Reads the written form; false if it is anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Position position)
    {
        position = default;
        var colon = text.IndexOf(':');
        if (colon < 0
            || !int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            return false;
        position = new Position(partition, sequence);
        return true;
    }

    public int CompareTo(Position other) =>
        Partition != other.Partition ? Partition.CompareTo(other.Partition) : Sequence.CompareTo(other.Sequence);

    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;
    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;
    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;
}
