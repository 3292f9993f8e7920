using System.Buffers.Text;
using System.Text;

namespace Kappa.Log;

/// <summary>
/// What an append returns: the smallest cut, of the partitions it touched, that includes it. Given to a read, the read
/// waits until the key's state includes it. Clients treat the text as opaque.
/// </summary>
public sealed record Receipt(Cut Cut)
{
    private const int TextMax = 16 * 1024;

    public static Receipt Empty { get; } = new(Cut.Zero);

    /// <summary>For partitions where the position was not known yet when the append was acknowledged; <see cref="Cut"/> says nothing of them.</summary>
    public IReadOnlyList<AppendMark> Marks { get; init; } = [];

    /// <summary>The cut that includes the append, once the events of all marks can be read; cancel it to stop waiting.</summary>
    /// <exception cref="InvalidOperationException">The receipt has marks, and is of another log, which has none.</exception>
    public async ValueTask<Cut> ResolveAsync(ILogReader log, CancellationToken cancellationToken = default)
    {
        var cut = Cut;
        foreach (var mark in Marks)
        {
            if (log is not IAppendMarks marks || mark.Partition >= log.PartitionCount)
                throw new InvalidOperationException("The receipt is of another log.");
            var next = await marks.ResolveAsync(mark, cancellationToken).ConfigureAwait(false);
            cut = Cut.Max(cut, Cut.Zero.With(mark.Partition, next));
        }
        return cut;
    }

    public bool Equals(Receipt? other) => other is not null && Cut.Equals(other.Cut) && Marks.SequenceEqual(other.Marks);

    public override int GetHashCode() => Marks.Aggregate(Cut.GetHashCode(), HashCode.Combine);

    public override string ToString()
    {
        var text = Marks.Count == 0 ? $"r{Cut}" : $"r{Cut};{string.Join(',', Marks)}";
        return Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string? text, out Receipt receipt)
    {
        receipt = Empty;
        if (string.IsNullOrEmpty(text) || text.Length > TextMax || !Base64Url.IsValid(text))
            return false;
        var decoded = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text));
        var semicolon = decoded.IndexOf(';', StringComparison.Ordinal);
        if (!decoded.StartsWith('r') || !Cut.TryParse(decoded.AsSpan(1, (semicolon < 0 ? decoded.Length : semicolon) - 1), out var cut))
            return false;
        var marks = new List<AppendMark>();
        if (semicolon >= 0)
            foreach (var part in decoded[(semicolon + 1)..].Split(','))
            {
                if (!AppendMark.TryParse(part, out var mark))
                    return false;
                marks.Add(mark);
            }
        receipt = marks.Count == 0 ? new Receipt(cut) : new Receipt(cut) { Marks = marks };
        return true;
    }
}
