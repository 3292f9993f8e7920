using System.Globalization;

namespace Kappa.Events;

/// <summary>
/// A CloudEvents 1.0 event as objects, for those who make events in code: importers, tests, demos. Nothing is checked
/// until <see cref="EventBatch.Add"/> takes it. Immutable; the data must not be changed afterwards.
/// </summary>
public sealed record CloudEvent
{
    /// <summary>Together with <see cref="Source"/> the event's identity: a second event with both is a duplicate.</summary>
    public required string Id { get; init; }

    /// <summary>Where the event comes from: a URI reference.</summary>
    public required string Source { get; init; }

    /// <summary>The wire name of its type.</summary>
    public required string Type { get; init; }

    /// <summary>Null if there is none; it may not be empty.</summary>
    public string? Subject { get; init; }

    /// <summary>The RFC 3339 text, kept to the letter; see <see cref="TimeText"/>.</summary>
    public string? Time { get; init; }

    /// <summary>The media type of the data; null means <c>application/json</c> where the data is JSON.</summary>
    public string? DataContentType { get; init; }

    /// <summary>An absolute URI.</summary>
    public string? DataSchema { get; init; }

    /// <summary>The extension attributes, written in this order.</summary>
    public IReadOnlyList<EventExtension> Extensions { get; init; } = [];

    public EventDataKind DataKind { get; init; }

    /// <summary>One JSON value in UTF-8, or any bytes, as <see cref="DataKind"/> says.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>An event of a registered type, with the record as its JSON data.</summary>
    /// <exception cref="InvalidOperationException">The record's type is not registered.</exception>
    public static CloudEvent Of(EventTypes types, object record, string id, string source, string? subject = null, DateTimeOffset? time = null)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(record);
        var type = types.Of(record.GetType());
        return new CloudEvent
        {
            Id = id,
            Source = source,
            Type = type.WireName,
            Subject = subject,
            Time = time is { } at ? TimeText(at) : null,
            DataKind = EventDataKind.Json,
            Data = type.Encode(record),
        };
    }

    /// <summary>A time as RFC 3339 text to 100 ns, without needless zeros: <c>2011-05-31T10:12:00Z</c>.</summary>
    public static string TimeText(DateTimeOffset time) => time.ToString(
        time.Offset == TimeSpan.Zero ? "yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'" : "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
}
