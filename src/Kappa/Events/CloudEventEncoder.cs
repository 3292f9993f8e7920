namespace Kappa.Events;

/// <summary>Makes the record of an event that was made in code, by the same rules as for one that was sent.</summary>
internal static class CloudEventEncoder
{
    /// <exception cref="EventRejectedException">The event does not conform; the batch is as before.</exception>
    public static void Add(EventBatch batch, CloudEvent cloudEvent)
    {
        var found = new List<EventProblem>();
        var problems = new ProblemList(found) { Index = batch.Count };
        var extensions = new ExtensionsBuilder(stackalloc byte[256]);
        foreach (var (name, value, kind) in cloudEvent.Extensions)
            if (TryEncode(name, "extensions", problems, out var nameUtf8) && TryEncode(value, name, problems, out var valueUtf8))
                extensions.Add(nameUtf8, kind, valueUtf8, problems);
        var data = cloudEvent.Data.Span;
        if (cloudEvent.DataKind == EventDataKind.Json && !JsonData.TryTrim(ref data, out var malformed))
            problems.Add("data", malformed);
        if (cloudEvent.DataKind == EventDataKind.None && !data.IsEmpty)
            problems.Add("data", "has bytes but no kind; say whether they are JSON or binary");

        var parts = new EventParts { DataKind = cloudEvent.DataKind, Data = data, Extensions = extensions.Finish() };
        parts.Id = Encode(cloudEvent.Id, EventMembers.Id, "id", ref parts, problems);
        parts.Source = Encode(cloudEvent.Source, EventMembers.Source, "source", ref parts, problems);
        parts.Type = Encode(cloudEvent.Type, EventMembers.Type, "type", ref parts, problems);
        parts.Subject = Encode(cloudEvent.Subject, EventMembers.Subject, "subject", ref parts, problems);
        parts.Time = Encode(cloudEvent.Time, EventMembers.Time, "time", ref parts, problems);
        parts.DataContentType = Encode(cloudEvent.DataContentType, EventMembers.DataContentType, "datacontenttype", ref parts, problems);
        parts.DataSchema = Encode(cloudEvent.DataSchema, EventMembers.DataSchema, "dataschema", ref parts, problems);
        parts.Check(problems);
        if (found.Count > 0)
            throw new EventRejectedException(found);
        parts.AddTo(batch);
    }

    private static byte[] Encode(string? text, EventMembers member, string name, ref EventParts parts, in ProblemList problems)
    {
        if (text is null || (text.Length == 0 && EventParts.IsRequired(member)))
            return [];
        if (text.Length == 0)
            problems.Add(name, EventParts.EmptyRemedy);
        else if (TryEncode(text, name, problems, out var utf8))
            return utf8;
        parts.Refused |= member;
        return [];
    }

    private static bool TryEncode(string? text, string field, in ProblemList problems, out byte[] utf8)
    {
        if (StrictUtf8.TryEncode(text ?? "", out utf8))
            return true;
        problems.Add(field, AttributeText.Remedy);
        return false;
    }
}
