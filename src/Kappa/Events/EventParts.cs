namespace Kappa.Events;

/// <summary>
/// An event taken apart: spans over what was sent, and the one place where they are checked and made into a record,
/// whichever way the event came (JSON, HTTP headers, code). Absent is empty.
/// </summary>
internal ref struct EventParts
{
    /// <summary>The longest value of one attribute.</summary>
    public const int AttributeBytesMax = 8 * 1024;

    public const string EmptyRemedy = "must not be empty; leave it out instead";

    public ReadOnlySpan<byte> Id, Source, Type, Subject, Time, DataContentType, DataSchema, Extensions, Data;
    public EventDataKind DataKind;

    /// <summary>Members whose problem was already reported; they are not checked again.</summary>
    public EventMembers Refused;

    private long _timeTicks;

    /// <summary>Checks all attributes but the extensions, which are checked as they are gathered.</summary>
    public void Check(in ProblemList problems)
    {
        Require(Id, EventMembers.Id, "id", problems);
        Require(Type, EventMembers.Type, "type", problems);
        if (!Subject.IsEmpty)
            CheckText(Subject, "subject", problems);
        if (!Source.IsEmpty && Source.Length <= AttributeBytesMax)
        {
            if (!UriReference.IsValid(Source))
                problems.Add("source", "must be a URI reference (RFC 3986); percent-encode what it may not hold");
        }
        else
            Require(Source, EventMembers.Source, "source", problems);

        _timeTicks = EventRecord.NoTime;
        if (!Time.IsEmpty && (Time.Length > AttributeBytesMax || !Rfc3339.TryParse(Time, out _timeTicks)))
            problems.Add("time", "must be an RFC 3339 time with seconds and an offset, as in 2026-11-21T10:12:00Z");
        if (!DataContentType.IsEmpty && (DataContentType.Length > AttributeBytesMax || !MediaType.IsValid(DataContentType)))
            problems.Add("datacontenttype", "must be a media type (RFC 2046), as in application/json");
        if (!DataSchema.IsEmpty && (DataSchema.Length > AttributeBytesMax || !UriReference.IsAbsolute(DataSchema)))
            problems.Add("dataschema", "must be an absolute URI (RFC 3986)");
    }

    /// <summary>How many bytes the record takes; 64 bits, since what was sent is not bounded yet.</summary>
    public readonly long RecordBytes => EventRecord.HeaderBytes + (long)Id.Length + Source.Length + Type.Length + Subject.Length
        + Time.Length + DataContentType.Length + DataSchema.Length + Extensions.Length + Data.Length;

    /// <summary>Writes the record into the batch. Only for parts that <see cref="Check"/> found no problem with.</summary>
    public readonly void AddTo(EventBatch batch)
    {
        var size = checked((int)RecordBytes);
        WriteTo(batch.Reserve(size));
        batch.Complete(size);
    }

    /// <summary>Writes the record of parts that come from a record, without checking them again.</summary>
    public void CopyTo(Span<byte> record)
    {
        _timeTicks = !Time.IsEmpty && Rfc3339.TryParse(Time, out var ticks) ? ticks : EventRecord.NoTime;
        WriteTo(record);
    }

    private readonly void WriteTo(Span<byte> record)
    {
        EventRecord.WriteHeader(record, DataKind, _timeTicks,
        [
            Id.Length, Source.Length, Type.Length, Subject.Length,
            Time.Length, DataContentType.Length, DataSchema.Length, Extensions.Length,
        ]);
        var rest = record[EventRecord.HeaderBytes..];
        Put(ref rest, Id);
        Put(ref rest, Source);
        Put(ref rest, Type);
        Put(ref rest, Subject);
        Put(ref rest, Time);
        Put(ref rest, DataContentType);
        Put(ref rest, DataSchema);
        Put(ref rest, Extensions);
        Put(ref rest, Data);
    }

    public static bool IsRequired(EventMembers member) =>
        (member & (EventMembers.SpecVersion | EventMembers.Id | EventMembers.Source | EventMembers.Type)) != 0;

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> part)
    {
        // Half of the fields are empty as a rule, and a copy of nothing is still a call.
        if (part.IsEmpty)
            return;
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }

    private readonly void Require(ReadOnlySpan<byte> value, EventMembers member, string name, in ProblemList problems)
    {
        if (!value.IsEmpty)
            CheckText(value, name, problems);
        else if ((Refused & member) == 0)
            problems.Add(name, "is required and must not be empty");
    }

    private static void CheckText(ReadOnlySpan<byte> value, string name, in ProblemList problems)
    {
        if (value.Length > AttributeBytesMax)
            problems.Add(name, $"takes {value.Length} bytes; attributes take at most {AttributeBytesMax}, move it into the data");
        else if (!AttributeText.IsValid(value))
            problems.Add(name, AttributeText.Remedy);
    }
}
