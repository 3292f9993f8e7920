using System.Text;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>
/// Events as a log would hold them, written by hand for a test: each gets its partition, its sequence and an append time
/// one millisecond after the one before, so that the same script always makes the same events. Not thread-safe.
/// </summary>
public sealed class EventScript(EventTypes types, int partitions = 4)
{
    private static readonly DateTime _start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly List<RecordedEvent> _events = [];
    private readonly long[] _next = new long[partitions];

    /// <summary>The events in the order of their appends.</summary>
    public IReadOnlyList<RecordedEvent> Events => _events;

    /// <summary>The events so far as a log, for what reads one, such as <see cref="FoldCheck"/>.</summary>
    public ILogReader ToLog() => new ScriptLog([.. _events], _next.Length);

    /// <summary>Appends a registered record. Without a time it counts as one that has none, without an id it gets its number.</summary>
    public EventScript Add(object record, string subject, DateTimeOffset? time = null, string? id = null)
    {
        var type = types.Of(record.GetType());
        return Add(type.WireName, type.Encode(record), subject, time, id);
    }

    /// <summary>Appends an event of any type with this data.</summary>
    public EventScript Add(string type, ReadOnlySpan<byte> json, string subject, DateTimeOffset? time = null, string? id = null)
    {
        var partition = StableHash.Partition(Encoding.UTF8.GetBytes(subject), partitions);
        var appended = _start.AddMilliseconds(_events.Count).Ticks;
        var record = Encode(id ?? $"{_events.Count + 1}", type, subject, time, json);
        _events.Add(new RecordedEvent(record, new Position(partition, _next[partition]++), appended));
        return this;
    }

    private static byte[] Encode(string id, string type, string subject, DateTimeOffset? time, ReadOnlySpan<byte> json)
    {
        var fields = new byte[EventRecord.FieldCount][];
        Array.Fill(fields, []);
        fields[(int)EventField.Id] = Encoding.UTF8.GetBytes(id);
        fields[(int)EventField.Source] = "/script"u8.ToArray();
        fields[(int)EventField.Type] = Encoding.UTF8.GetBytes(type);
        fields[(int)EventField.Subject] = Encoding.UTF8.GetBytes(subject);
        fields[(int)EventField.Time] = Encoding.UTF8.GetBytes(time?.ToString("O") ?? "");
        var record = new byte[EventRecord.Size(fields.Sum(field => field.Length), json.Length)];
        EventRecord.WriteHeader(record, EventDataKind.Json, time?.UtcTicks ?? EventRecord.NoTime, [.. fields.Select(field => field.Length)]);
        var at = EventRecord.HeaderBytes;
        foreach (var field in fields)
        {
            field.CopyTo(record, at);
            at += field.Length;
        }
        json.CopyTo(record.AsSpan(at));
        return record;
    }
}
