using System.Globalization;
using System.Text;
using System.Text.Json;
using Kappa.Events;

namespace Kappa.Capture;

/// <summary>
/// Makes CloudEvents of captured events, always the same of the same: those sent in the binary or the structured mode of
/// the CloudEvents AMQP binding become what they were; of any other its body becomes the data, and the rest follows from
/// the options (see docs/capture.md). Thread-safe.
/// </summary>
public sealed class CaptureMapping(CaptureMappingOptions options)
{
    private const string PropertiesExtension = "eventhubproperties";
    private const string ProblemExtension = "eventhubproblem";
    private const int ProblemCharsMax = 300;

    private readonly CloudEventReader _structured = new(new EventTypes(), UnknownTypes.Accept, options.EventBytesMax, eventsMax: 1_000_000);

    /// <summary>Adds the event (or, of a structured batch, the events) to a batch; false, with the problems, if what claims to be a CloudEvent is none.</summary>
    public bool TryAdd(CapturedEvent captured, EventBatch into, List<EventProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(captured);
        var contentType = ContentType(captured);
        var body = captured.Body.GetValueOrDefault();
        if (contentType?.StartsWith("application/cloudevents-batch+json", StringComparison.OrdinalIgnoreCase) == true)
            return _structured.ReadBatch(body.Span, into, problems) == EventReadResult.Ok;
        if (contentType?.StartsWith("application/cloudevents+json", StringComparison.OrdinalIgnoreCase) == true)
            return _structured.ReadOne(body.Span, into, problems) == EventReadResult.Ok;
        if (IsBinaryMode(captured))
            return TryAdd(CapturedAttributes.Read(captured, contentType), into, problems);
        // Some services put a structured event into the body without saying so.
        if (contentType is null && LooksStructured(body.Span) && _structured.ReadOne(body.Span, into, []) == EventReadResult.Ok)
            return true;
        return TryAdd(Wrap(captured, contentType), into, problems);
    }

    /// <summary>
    /// Adds exactly one event whatever was captured, as a log needs it where each position holds one: what claims to be a CloudEvent
    /// and is none, or is a batch of several, is taken as any other foreign event is, and says why in the extension <c>eventhubproblem</c>.
    /// </summary>
    internal void AddOne(CapturedEvent captured, EventBatch into, string? problem = null)
    {
        var (count, problems) = (into.Count, new List<EventProblem>());
        if (problem is null && TryAdd(captured, into, problems) && into.Count == count + 1)
            return;
        problem ??= problems.Count > 0 ? $"{problems[0].Field}: {problems[0].Reason}" : $"it holds {into.Count - count} events";
        into.Truncate(count);
        var wrapped = Wrap(captured, ContentType(captured));
        if (TryAdd(wrapped with { Extensions = [.. wrapped.Extensions, Problem(problem)] }, into, problems = []))
            return;
        // Its properties are more than an event may have; its body is kept in any case.
        TryAdd(wrapped with { Extensions = [Problem($"{problem}; {problems[0].Field}: {problems[0].Reason}")] }, into, problems = []);
        if (into.Count != count + 1)
            throw new InvalidOperationException($"The event with sequence {captured.Sequence} cannot be taken at all, {problems[0].Field}: {problems[0].Reason}");
    }

    /// <summary>What a sender put there may hold what no attribute may.</summary>
    private static EventExtension Problem(string text) =>
        new(ProblemExtension, new string([.. text.Take(ProblemCharsMax).Select(one => one is >= ' ' and <= '~' ? one : '?')]));

    private static bool TryAdd(CloudEvent cloudEvent, EventBatch into, List<EventProblem> problems)
    {
        try
        {
            into.Add(cloudEvent);
            return true;
        }
        catch (EventRejectedException e)
        {
            problems.AddRange(e.Problems);
            return false;
        }
    }

    private static bool IsBinaryMode(CapturedEvent captured) => captured.Properties.Any(property =>
        property.Name is CaptureNames.Prefix + "specversion" or CaptureNames.OtherPrefix + "specversion"
            or CaptureNames.Prefix + "type" or CaptureNames.OtherPrefix + "type");

    private static string? ContentType(CapturedEvent captured) => captured.SystemProperties.Concat(captured.Properties)
        .FirstOrDefault(property => property.Name.Replace("-", "", StringComparison.Ordinal).Equals("contenttype", StringComparison.OrdinalIgnoreCase)
            && property.Value is string { Length: > 0 }).Value as string;

    private static bool LooksStructured(ReadOnlySpan<byte> body) =>
        body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] && body.IndexOf("\"specversion\""u8) >= 0;

    private CloudEvent Wrap(CapturedEvent captured, string? contentType)
    {
        var enqueued = captured.SystemProperties.FirstOrDefault(property => property.Name == "x-opt-enqueued-time").Value is long milliseconds
            ? CaptureFile.Milliseconds(milliseconds) : captured.Enqueued;
        var isMediaType = contentType is not null && MediaType.IsValid(Encoding.UTF8.GetBytes(contentType));
        var data = captured.Body;
        var kind = data is null ? EventDataKind.None
            : IsJson(data.Value.Span, isMediaType ? contentType : null) ? EventDataKind.Json
            : EventDataKind.Binary;
        return new CloudEvent
        {
            Id = $"{options.Partition}:{captured.Sequence.ToString(CultureInfo.InvariantCulture)}",
            Source = options.Source,
            Type = options.Type,
            Time = enqueued is { } time ? CloudEvent.TimeText(time) : null,
            DataContentType = isMediaType ? contentType : null,
            DataKind = kind,
            Data = data.GetValueOrDefault(),
            Extensions = Extensions(captured),
        };
    }

    private static bool IsJson(ReadOnlySpan<byte> body, string? contentType)
    {
        var isSaid = contentType is not null && MediaType.IsJson(Encoding.UTF8.GetBytes(contentType));
        return (isSaid || contentType is null && body.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..]) && JsonData.TryTrim(ref body, out _);
    }

    /// <summary>What was sent under one partition key stays together; what else the sender said is kept as it was.</summary>
    private static List<EventExtension> Extensions(CapturedEvent captured)
    {
        var extensions = new List<EventExtension>();
        if (captured.SystemProperties.FirstOrDefault(property => property.Name == "x-opt-partition-key").Value is string { Length: > 0 } key)
            extensions.Add(new EventExtension("partitionkey", key));
        if (captured.Properties.Count > 0)
            extensions.Add(new EventExtension(PropertiesExtension, Json(captured.Properties)));
        return extensions;
    }

    private static string Json(IReadOnlyList<CapturedProperty> properties)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            foreach (var (name, value) in properties)
            {
                json.WritePropertyName(name);
                switch (value)
                {
                    case null: json.WriteNullValue(); break;
                    case long number: json.WriteNumberValue(number); break;
                    case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
                    case bool flag: json.WriteBooleanValue(flag); break;
                    case byte[] bytes: json.WriteBase64StringValue(bytes); break;
                    default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
                }
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(memory.ToArray());
    }
}
