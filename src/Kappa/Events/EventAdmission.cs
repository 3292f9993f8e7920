using System.Text.Json;

namespace Kappa.Events;

/// <summary>The last step for every event that was sent, in whatever mode: does it fit its type and the limits? Then it is recorded.</summary>
internal sealed class EventAdmission(EventTypes types, UnknownTypes unknownTypes, int eventBytesMax)
{
    public EventType? Find(ReadOnlySpan<byte> type) => types.Find(type);

    /// <summary>Adds the event to the batch, or says why not. <paramref name="checkedAs"/> is the type that its data was already checked against.</summary>
    public EventReadResult Admit(ref EventParts parts, EventType? checkedAs, EventBatch into, in ProblemList problems)
    {
        var type = checkedAs ?? Find(parts.Type);
        parts.Check(problems);
        if (type is not null)
            CheckRegistered(ref parts, type, checkedAs is not null, problems);
        else if (IsSaidToBeJson(parts) && !IsRefused(parts))
            CheckJson(ref parts, problems);
        if (type is null && unknownTypes == UnknownTypes.Reject && !parts.Type.IsEmpty)
            problems.Add("type", "is not registered here, and only registered types are taken; register it or correct its name");
        if (parts.RecordBytes > eventBytesMax)
        {
            problems.Add("", $"takes {parts.RecordBytes} bytes in the log; an event takes at most {eventBytesMax}");
            return EventReadResult.TooLarge;
        }
        if (problems.HasAny)
            return EventReadResult.Invalid;
        parts.AddTo(into);
        return EventReadResult.Ok;
    }

    /// <summary>
    /// Checks the value that the reader stands on against its type, and leaves the reader on its last token whether it
    /// fits or not, so that reading can go on.
    /// </summary>
    /// <exception cref="JsonException">The JSON is malformed, which is more than this event's problem.</exception>
    public static bool Validate(EventType type, ref Utf8JsonReader json, in ProblemList problems)
    {
        var start = json;
        try
        {
            type.Validate(ref json);
        }
        // Decoders and the constructors of records belong to others: whatever they throw over data that a client sent, the
        // client can correct.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            json = start;
            json.Skip();
            var (field, reason) = e switch
            {
                EventDataException data => (data.Field, data.Reason),
                JsonException inJson => ("data", JsonData.Sentence(inJson)),
                _ => ("data", e.Message),
            };
            problems.Add(field, reason);
            return false;
        }
        if (json.CurrentDepth != start.CurrentDepth || json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName)
            throw new NotSupportedException(
                $"The decoder of {type.WireName} left the reader at byte {json.BytesConsumed}, which is not the last token of its value; correct the decoder.");
        return true;
    }

    private static void CheckRegistered(ref EventParts parts, EventType type, bool isChecked, in ProblemList problems)
    {
        if (!parts.DataContentType.IsEmpty && !MediaType.IsJson(parts.DataContentType))
            problems.Add("datacontenttype", $"must be JSON for events of type {type.WireName}; send application/json or leave it out");
        else if (IsRefused(parts))
            return;
        else if (parts.DataKind == EventDataKind.None)
            problems.Add("data", $"is missing; events of type {type.WireName} carry it");
        else if (!isChecked && CheckJson(ref parts, problems))
        {
            var reader = new Utf8JsonReader(parts.Data, new JsonReaderOptions { MaxDepth = JsonData.DepthMax });
            reader.Read();
            Validate(type, ref reader, problems);
        }
    }

    private static bool IsRefused(in EventParts parts) => (parts.Refused & EventMembers.AnyData) != 0;

    private static bool IsSaidToBeJson(in EventParts parts) =>
        parts.DataKind == EventDataKind.Binary && !parts.DataContentType.IsEmpty && MediaType.IsJson(parts.DataContentType);

    /// <summary>Bytes that stand for JSON become JSON.</summary>
    private static bool CheckJson(ref EventParts parts, in ProblemList problems)
    {
        if (parts.DataKind != EventDataKind.Binary)
            return true;
        if (!JsonData.TryTrim(ref parts.Data, out var problem))
        {
            problems.Add("data", problem);
            return false;
        }
        parts.DataKind = EventDataKind.Json;
        return true;
    }
}
