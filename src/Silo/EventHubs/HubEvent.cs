using System.Text;
using Azure.Messaging.EventHubs;
using Kappa.Capture;
using Kappa.Events;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// Writes events as the binary mode of the CloudEvents AMQP binding wants them, under the names that capture files use too
/// (<see cref="CaptureNames"/>), so that Event Hubs Capture archives what our reader of captures reads. There is no
/// <c>kappa:time</c>: the append time is the one at which the hub took the event.
/// </summary>
internal static class HubEvent
{
    /// <summary>What a property adds to its name and value at most, and what an event adds to all of them.</summary>
    private const int PropertyBytes = 12, EventBytes = 512;

    public static EventData Encode(ReadOnlyMemory<byte> record)
    {
        var recorded = new RecordedEvent(record, default, 0);
        var kind = CaptureEncoder.Kind(recorded, out var contentType);
        var data = new EventData(recorded.Data) { ContentType = contentType.IsEmpty ? null : Text(contentType) };
        var properties = data.Properties;
        properties[CaptureNames.Prefix + "specversion"] = "1.0";
        Add("id", recorded.Id, properties);
        Add("source", recorded.Source, properties);
        Add("type", recorded.Type, properties);
        Add("subject", recorded.Subject, properties);
        Add("time", recorded.TimeText, properties);
        Add("dataschema", recorded.DataSchema, properties);
        var kinds = new StringBuilder();
        var isAnyTyped = false;
        foreach (var extension in recorded.Extensions)
        {
            properties[CaptureNames.Prefix + Text(extension.Name)] = Text(extension.Value);
            kinds.Append((char)('0' + (int)extension.Kind));
            isAnyTyped |= extension.Kind != EventExtensionKind.Text;
        }
        if (recorded.DataKind == EventDataKind.None)
            properties[CaptureNames.Data] = CaptureNames.DataNone;
        else if (!kind.IsEmpty)
            properties[CaptureNames.Data] = Text(kind);
        if (isAnyTyped)
            properties[CaptureNames.Kinds] = kinds.ToString();
        return data;
    }

    /// <summary>Says by which append the event is sent; before it is put into a batch.</summary>
    public static void Mark(EventData data, Guid append) => data.Properties[CaptureNames.Append] = append.ToString("N");

    /// <summary>The append that an event was sent by; null if its sender did not say.</summary>
    public static Guid? AppendOf(EventData data) =>
        data.Properties.TryGetValue(CaptureNames.Append, out var text) && Guid.TryParseExact(text as string, "N", out var append) ? append : null;

    /// <summary>At most so many bytes does an event take in a batch.</summary>
    public static long BytesMax(ReadOnlySpan<byte> record)
    {
        // A record holds every name and value once; what is added is what AMQP needs around each, and the prefixes.
        var count = 0;
        foreach (var _ in new EventExtensions(EventRecord.Field(record, EventField.Extensions)))
            count++;
        return record.Length + EventBytes + (long)count * (PropertyBytes + CaptureNames.Prefix.Length + 1);
    }

    private static void Add(string name, ReadOnlySpan<byte> value, IDictionary<string, object> properties)
    {
        if (!value.IsEmpty)
            properties[CaptureNames.Prefix + name] = Text(value);
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
