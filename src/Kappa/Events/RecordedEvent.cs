using System.Text;
using Kappa.Log;

namespace Kappa.Events;

/// <summary>
/// An event as it stands in the log: a view over its encoded bytes (see <see cref="EventRecord"/>), decoded field by
/// field on demand. It is only as long-lived as the page that it came from.
/// </summary>
public readonly struct RecordedEvent(ReadOnlyMemory<byte> record, Position position, long appendedTicks)
{
    /// <summary>The encoded bytes, without position and append time.</summary>
    public ReadOnlyMemory<byte> Record { get; } = record;

    public Position Position { get; } = position;

    /// <summary>The append time in ticks of 100 ns since 0001-01-01 UTC. Never goes back within a partition.</summary>
    public long AppendedTicks { get; } = appendedTicks;

    public DateTimeOffset Appended => new(AppendedTicks, TimeSpan.Zero);

    /// <summary>The event's <c>time</c> in UTC ticks of 100 ns; the append time if it has none.</summary>
    public long TimeTicks => EventRecord.TimeTicks(Record.Span) is var ticks and not EventRecord.NoTime ? ticks : AppendedTicks;

    public DateTimeOffset Time => new(TimeTicks, TimeSpan.Zero);

    public ReadOnlySpan<byte> Id => EventRecord.Field(Record.Span, EventField.Id);
    public ReadOnlySpan<byte> Source => EventRecord.Field(Record.Span, EventField.Source);
    public ReadOnlySpan<byte> Type => EventRecord.Field(Record.Span, EventField.Type);

    /// <summary>Empty if the event has none (an empty subject is not allowed).</summary>
    public ReadOnlySpan<byte> Subject => EventRecord.Field(Record.Span, EventField.Subject);

    /// <summary>The <c>time</c> attribute as it was sent; empty if there was none.</summary>
    public ReadOnlySpan<byte> TimeText => EventRecord.Field(Record.Span, EventField.Time);
    public ReadOnlySpan<byte> DataContentType => EventRecord.Field(Record.Span, EventField.DataContentType);
    public ReadOnlySpan<byte> DataSchema => EventRecord.Field(Record.Span, EventField.DataSchema);

    public EventDataKind DataKind => EventRecord.DataKind(Record.Span);

    /// <summary>The data: raw JSON for <see cref="EventDataKind.Json"/>, the bytes themselves for <see cref="EventDataKind.Binary"/>.</summary>
    public ReadOnlyMemory<byte> Data => EventRecord.Data(Record);

    public EventExtensions Extensions => new(EventRecord.Field(Record.Span, EventField.Extensions));

    /// <summary>The <c>partitionkey</c> extension, else the subject, else the id.</summary>
    public ReadOnlySpan<byte> PartitionKey => EventRecord.PartitionKey(Record.Span);

    public override string ToString() =>
        $"{Position} {Encoding.UTF8.GetString(Type)} {Encoding.UTF8.GetString(Source)} {Encoding.UTF8.GetString(Id)}";
}
