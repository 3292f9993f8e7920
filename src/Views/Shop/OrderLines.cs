using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Kappa.Shop;

/// <summary>
/// The lines of an order. Those of a decoded event are kept as JSON and read when somebody first looks at one, because
/// most folds need only their <see cref="TotalQuantity"/>. Immutable; safe to share between threads.
/// </summary>
[JsonConverter(typeof(OrderLinesConverter))]
[CollectionBuilder(typeof(OrderLines), nameof(Of))]
public sealed class OrderLines : IReadOnlyList<OrderLine>, IEquatable<OrderLines>
{
    private readonly byte[]? _json;
    private OrderLine[]? _lines;

    private OrderLines(OrderLine[] lines)
    {
        _lines = lines;
        foreach (var line in lines)
            TotalQuantity += line.Quantity;
    }

    internal OrderLines(byte[] json, long totalQuantity) => (_json, TotalQuantity) = (json, totalQuantity);

    public static OrderLines Of(params ReadOnlySpan<OrderLine> lines) => new(lines.ToArray());

    /// <summary>The sum of the quantities; known without reading the lines.</summary>
    public long TotalQuantity { get; }

    public int Count => Lines.Length;

    public OrderLine this[int index] => Lines[index];

    // Two threads that come here at once make the same lines; either will do.
    /// <exception cref="Kappa.Events.EventDataException">A line lacks a field, in an event that was never validated.</exception>
    private OrderLine[] Lines => _lines ??= OrderLinesDecoder.Decode(_json);

    public IEnumerator<OrderLine> GetEnumerator() => ((IEnumerable<OrderLine>)Lines).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(OrderLines? other) => other is not null && Lines.AsSpan().SequenceEqual(other.Lines);
    public override bool Equals(object? obj) => Equals(obj as OrderLines);
    public override int GetHashCode() => HashCode.Combine(Count, TotalQuantity);
}
