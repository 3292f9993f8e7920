using Azure.Messaging.EventHubs;
using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// Makes recorded events of what a hub holds: one of each, at its position, whatever it is. Events that are no CloudEvents
/// become what they become when they are read from a capture file of the hub. Thread-safe.
/// </summary>
/// <param name="space">The namespace's name, as it stands in the paths of its capture files.</param>
internal sealed class HubMapping(string space, string hub, string partition)
{
    private readonly CaptureMapping _mapping = new(new CaptureMappingOptions
    {
        Source = $"/eventhub/{Uri.EscapeDataString(space)}/{Uri.EscapeDataString(hub)}",
        Partition = partition,
    });

    /// <summary>The events as recorded ones; their bytes are theirs for as long as anybody holds them.</summary>
    public RecordedEvent[] Map(IReadOnlyList<EventData> events, int partition)
    {
        using var batch = new EventBatch();
        foreach (var data in events)
        {
            var captured = Captured(data, out var problem);
            _mapping.AddOne(captured, batch, problem);
        }
        var records = new byte[batch.Bytes];
        var recorded = new RecordedEvent[events.Count];
        var at = 0;
        for (var i = 0; i < recorded.Length; i++)
        {
            var record = batch.Record(i);
            record.CopyTo(records.AsSpan(at));
            recorded[i] = new RecordedEvent(records.AsMemory(at, record.Length), new Position(partition, events[i].SequenceNumber), events[i].EnqueuedTime.UtcTicks);
            at += record.Length;
        }
        return recorded;
    }

    private static CapturedEvent Captured(EventData data, out string? problem)
    {
        ReadOnlyMemory<byte> body = default;
        problem = null;
        try
        {
            body = data.Body;
        }
        catch (NotSupportedException e)
        {
            // AMQP knows bodies that are values, not bytes; Event Hubs' own clients send none.
            problem = e.Message;
        }
        var system = new List<CapturedProperty>();
        if (data.PartitionKey is { Length: > 0 } key)
            system.Add(new CapturedProperty("x-opt-partition-key", key));
        if (data.ContentType is { Length: > 0 } contentType)
            system.Add(new CapturedProperty(CaptureNames.ContentType, contentType));
        return new CapturedEvent
        {
            Sequence = data.SequenceNumber,
            Enqueued = data.EnqueuedTime,
            SystemProperties = system,
            Properties = [.. data.Properties.Select(property => new CapturedProperty(property.Key, Value(property.Value)))],
            Body = body,
        };
    }

    /// <summary>What a capture file would hold for it.</summary>
    private static object? Value(object? value) => value switch
    {
        null or string or bool or byte[] or long or double => value,
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
        float single => (double)single,
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        DateTime time => new DateTimeOffset(time.ToUniversalTime(), TimeSpan.Zero).ToUnixTimeMilliseconds(),
        Uri uri => uri.OriginalString,
        ArraySegment<byte> bytes => bytes.ToArray(),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };
}
