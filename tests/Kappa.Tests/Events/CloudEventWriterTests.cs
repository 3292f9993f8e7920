using System.Text;
using Kappa.Events;

namespace Kappa.Tests.Events;

public sealed class CloudEventWriterTests
{
    [Fact]
    public void An_event_is_written_as_it_was_sent_and_with_its_position()
    {
        var sent = """
            {"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"x","time":"2011-05-31T12:00:00.10+02:00","datacontenttype":"application/json","dataschema":"urn:x","ext":"a","flag":true,"n":-5,"data":{ "a" : 1.0 }}
            """.Trim();
        var read = Reading.One(sent);
        // The writer of JSON escapes a plus sign; a reader sees the same text.
        Assert.Equal(sent.Replace("+02", "\\u002B02", StringComparison.Ordinal), read.Written());
        Assert.Contains("""
            "n":-5,"kappapartition":3,"kappasequence":1042,"kappatime":"2026-11-21T10:12:00.1234567Z","data":{ "a" : 1.0 }}
            """.Trim(), read.Written(withPosition: true), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_not_written() =>
        Assert.Equal("""{"specversion":"1.0","id":"1","source":"/s","type":"t"}""", Reading.One(Reading.Minimal("\"subject\":null")).Written());

    [Fact]
    public void Reading_what_was_written_gives_the_same_record()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        for (var round = 0; round < 2_000; round++)
        {
            using var batch = new EventBatch();
            var made = RandomEvents.Next(random);
            batch.Add(made);
            var recorded = new Reading(EventReadResult.Ok, [], [batch.Record(0).ToArray()]);
            var again = Reading.One(recorded.Written());
            Assert.True(again.Result == EventReadResult.Ok && again.Records[0].AsSpan().SequenceEqual(recorded.Records[0]),
                $"seed {Seed}, round {round}: {recorded.Written()} gave {string.Join("; ", again.Problems)} {Encoding.UTF8.GetString(again.Records is [var first, ..] ? first : [])}");
        }
    }
}
