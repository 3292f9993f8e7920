using System.Text.Json;
using System.Text.Unicode;

namespace Kappa.Events;

/// <summary>
/// Takes CloudEvents 1.0 as they are sent into batches for the log, and checks every rule on the way: those of the
/// specification, the registered types, the limits. Thread-safe.
/// <para>All methods guarantee: unless the result is <see cref="EventReadResult.Ok"/>, the batch is as it was and at least
/// one problem was added; whatever the bytes are, nothing is thrown; and at most 100 problems are added.</para>
/// </summary>
public sealed class CloudEventReader
{
    private const int ScratchBytes = 1024;

    private readonly EventAdmission _admission;
    private readonly int _eventsMax;

    /// <param name="types">The registry; it is sealed by this.</param>
    /// <param name="unknownTypes">What happens to events whose type is not in it.</param>
    /// <param name="eventBytesMax">The largest event, in bytes as encoded in the log.</param>
    /// <param name="eventsMax">The most events in one request.</param>
    public CloudEventReader(EventTypes types, UnknownTypes unknownTypes, int eventBytesMax, int eventsMax)
    {
        ArgumentNullException.ThrowIfNull(types);
        _admission = new EventAdmission(types.Seal(), unknownTypes, eventBytesMax);
        _eventsMax = eventsMax;
    }

    /// <summary>Reads a JSON array of events (<c>application/cloudevents-batch+json</c>); it may be empty.</summary>
    public EventReadResult ReadBatch(ReadOnlySpan<byte> json, EventBatch into, List<EventProblem> problems) =>
        Read(json, isBatch: true, into, problems);

    /// <summary>Reads one event (<c>application/cloudevents+json</c>).</summary>
    public EventReadResult ReadOne(ReadOnlySpan<byte> json, EventBatch into, List<EventProblem> problems) =>
        Read(json, isBatch: false, into, problems);

    /// <summary>
    /// Reads one event in the binary mode of the HTTP binding: attributes from the headers that begin with <c>ce-</c>
    /// (others are passed over), the content type and the data as they are. Data of a JSON content type, or of a
    /// registered type without any, must be JSON.
    /// </summary>
    public EventReadResult ReadBinary(IEnumerable<KeyValuePair<string, string>> headers, string? contentType,
        ReadOnlySpan<byte> body, EventBatch into, List<EventProblem> problems) =>
        HttpBinaryMode.Read(_admission, headers, contentType, body, into, new ProblemList(problems));

    private EventReadResult Read(ReadOnlySpan<byte> json, bool isBatch, EventBatch into, List<EventProblem> found)
    {
        var countBefore = into.Count;
        var result = EventReadResult.Invalid;
        var problems = new ProblemList(found);
        var depthMax = JsonData.DepthMax + (isBatch ? 2 : 1);
        // The reader of JSON does not look into texts; so bytes that are no UTF-8 are cut off before it sees them.
        var valid = Utf8.IsValid(json) ? json : json[..JsonData.ValidLength(json)];
        var reader = new EnvelopeReader(new Utf8JsonReader(valid, new JsonReaderOptions { MaxDepth = depthMax }), valid,
            _admission, stackalloc byte[ScratchBytes], stackalloc byte[ScratchBytes]);
        try
        {
            result = isBatch ? ReadAll(ref reader, into, ref problems) : ReadSingle(ref reader, into, problems);
            if (result == EventReadResult.Ok && valid.Length < json.Length)
            {
                problems.Add("", NotUtf8(valid.Length));
                result = EventReadResult.Invalid;
            }
        }
        catch (JsonException e)
        {
            problems.Add("", valid.Length < json.Length ? NotUtf8(valid.Length) : JsonData.Explain(valid, e, depthMax - reader.Json.CurrentDepth));
        }
        finally
        {
            if (result != EventReadResult.Ok)
                into.Truncate(countBefore);
        }
        return result;
    }

    private EventReadResult ReadAll(ref EnvelopeReader reader, EventBatch into, ref ProblemList problems)
    {
        reader.Json.Read();
        if (reader.Json.TokenType != JsonTokenType.StartArray)
        {
            problems.Add("", "must be a JSON array of events; send a single event as application/cloudevents+json");
            return EventReadResult.Invalid;
        }
        for (; reader.Json.Read() && reader.Json.TokenType != JsonTokenType.EndArray; problems.Index++)
        {
            if (problems.Index == _eventsMax)
            {
                problems.Add("", $"is one event too many; a request takes at most {_eventsMax}, send the rest in another");
                return EventReadResult.TooMany;
            }
            if (reader.Read(into, problems) == EventReadResult.TooLarge)
                return EventReadResult.TooLarge;
            if (problems.IsFull)
                return EventReadResult.Invalid;
        }
        reader.Json.Read();
        return problems.Count == 0 ? EventReadResult.Ok : EventReadResult.Invalid;
    }

    private static EventReadResult ReadSingle(ref EnvelopeReader reader, EventBatch into, in ProblemList problems)
    {
        reader.Json.Read();
        var result = reader.Read(into, problems);
        // Fails if anything follows the event.
        reader.Json.Read();
        return result;
    }

    private static string NotUtf8(int offset) => $"is not UTF-8 at byte {offset}; JSON is always sent as UTF-8";
}
