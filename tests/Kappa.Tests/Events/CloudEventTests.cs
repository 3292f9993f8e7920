using System.Text;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Events;

public sealed class CloudEventTests
{
    private static readonly CloudEvent Minimal = new() { Id = "1", Source = "/shop", Type = "a.b" };

    [Fact]
    public void An_event_made_in_code_is_recorded_as_it_is()
    {
        using var batch = new EventBatch();
        batch.Add(Minimal with
        {
            Subject = "customer/é😀",
            Time = "2011-05-31T12:12:00.5+02:00",
            DataContentType = "application/json",
            DataSchema = "https://example.org/schema",
            Extensions = [new("partitionkey", "k"), new("flag", "true", EventExtensionKind.Boolean), new("n", "-7", EventExtensionKind.Integer)],
            DataKind = EventDataKind.Json,
            Data = " {\"a\":1}\n"u8.ToArray(),
        });

        var recorded = new RecordedEvent(batch.RecordMemory(0), new Position(0, 0), 0);
        Assert.True(EventRecord.IsWellFormed(batch.Record(0)));
        Assert.Equal("1|/shop|a.b|customer/é😀|2011-05-31T12:12:00.5+02:00|application/json|https://example.org/schema", string.Join('|',
            Text(recorded.Id), Text(recorded.Source), Text(recorded.Type), Text(recorded.Subject), Text(recorded.TimeText),
            Text(recorded.DataContentType), Text(recorded.DataSchema)));
        Assert.Equal(new DateTimeOffset(2011, 5, 31, 10, 12, 0, 500, TimeSpan.Zero), recorded.Time);
        Assert.Equal("{\"a\":1}", Text(recorded.Data.Span));
        Assert.Equal("k", Text(recorded.PartitionKey));
        Assert.Equal(StableHash.Of("k"u8), batch.PartitionHash(0));
        var extensions = new List<string>();
        foreach (var entry in recorded.Extensions)
            extensions.Add($"{Text(entry.Name)}={Text(entry.Value)}:{entry.Kind}");
        Assert.Equal(["partitionkey=k:Text", "flag=true:Boolean", "n=-7:Integer"], extensions);
    }

    [Fact]
    public void All_problems_of_a_refused_event_are_named_and_the_batch_is_as_before()
    {
        using var batch = new EventBatch();
        batch.Add(Minimal);
        var refused = Assert.Throws<EventRejectedException>(() => batch.Add(new CloudEvent
        {
            Id = "",
            Source = "a b",
            Type = "x\u0001",
            Subject = "",
            Time = "noon",
            DataContentType = "xyz",
            DataSchema = "relative",
            Extensions = [new("Upper", "x"), new("kappatime", "x"), new("n", "1.5", EventExtensionKind.Integer), new("half", "\ud800")],
            DataKind = EventDataKind.Json,
            Data = "{"u8.ToArray(),
        }));

        Assert.Equal(["Upper", "data", "datacontenttype", "dataschema", "half", "id", "kappatime", "n", "source", "subject", "time", "type"],
            refused.Problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
        Assert.All(refused.Problems, problem => Assert.Equal(1, problem.Index));
        Assert.Equal(1, batch.Count);
    }

    [Theory]
    [InlineData("2011-05-31T10:12:00Z", 0, 0)]
    [InlineData("2011-05-31T10:12:00.0000001Z", 1, 0)]
    [InlineData("2011-05-31T10:12:00.5+01:30", 5_000_000, 90)]
    public void Times_are_written_without_needless_zeros(string text, long ticks, int offsetMinutes) =>
        Assert.Equal(text, CloudEvent.TimeText(new DateTimeOffset(2011, 5, 31, 10, 12, 0, TimeSpan.FromMinutes(offsetMinutes)).AddTicks(ticks)));

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
