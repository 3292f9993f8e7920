using System.Text;
using System.Text.Json;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Events;

/// <summary>What reading a request gave: the result, the problems as text, and the events as JSON again.</summary>
internal sealed record Reading(EventReadResult Result, IReadOnlyList<EventProblem> Problems, IReadOnlyList<byte[]> Records)
{
    public string[] Fields => [.. Problems.Select(problem => problem.Field)];

    public static Reading One(string json, CloudEventReader? reader = null) => One(Encoding.UTF8.GetBytes(json), reader);

    public static Reading One(byte[] json, CloudEventReader? reader = null) =>
        Of((batch, problems) => (reader ?? SampleEvents.Reader()).ReadOne(json, batch, problems));

    public static Reading Batch(string json, CloudEventReader? reader = null) =>
        Of((batch, problems) => (reader ?? SampleEvents.Reader()).ReadBatch(Encoding.UTF8.GetBytes(json), batch, problems));

    public static Reading Binary(IEnumerable<(string Name, string Value)> headers, string? contentType, byte[] body, CloudEventReader? reader = null) =>
        Of((batch, problems) => (reader ?? SampleEvents.Reader()).ReadBinary(
            headers.Select(header => KeyValuePair.Create(header.Name, header.Value)), contentType, body, batch, problems));

    /// <summary>The minimal event with these members behind it.</summary>
    public static string Minimal(string more = "") =>
        """{"specversion":"1.0","id":"1","source":"/s","type":"t" """.TrimEnd() + (more.Length == 0 ? "" : "," + more) + "}";

    public RecordedEvent Event(int index = 0) => new(Records[index], new Position(3, 1042), new DateTime(2026, 11, 21, 10, 12, 0, DateTimeKind.Utc).Ticks + 1234567);

    public string Written(int index = 0, bool withPosition = false)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            CloudEventWriter.Write(writer, Event(index), withPosition);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Reading Of(Func<EventBatch, List<EventProblem>, EventReadResult> read)
    {
        using var batch = new EventBatch(bytesExpected: 64);
        // Something is in the batch and in the list before, and must stay.
        batch.Add(new CloudEvent { Id = "before", Source = "/before", Type = "before" });
        var problems = new List<EventProblem> { new(-1, "before", "before") };
        var result = read(batch, problems);

        Assert.Equal(result == EventReadResult.Ok, problems.Count == 1);
        Assert.InRange(problems.Count, 1, 101);
        Assert.True(result == EventReadResult.Ok || batch.Count == 1, "A request that was refused left events in the batch.");
        Assert.Equal("before", Encoding.UTF8.GetString(EventRecord.Field(batch.Record(0), EventField.Id)));
        var records = new List<byte[]>();
        for (var i = 1; i < batch.Count; i++)
        {
            Assert.True(EventRecord.IsWellFormed(batch.Record(i)));
            records.Add(batch.Record(i).ToArray());
        }
        return new Reading(result, problems[1..], records);
    }
}
