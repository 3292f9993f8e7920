using System.Text;
using Kappa.Capture;
using Kappa.Events;

namespace Kappa.Tests.Capture;

/// <summary>What captured events of others become.</summary>
public sealed class CaptureMappingTests
{
    private static readonly (string, object?)[] _none = [];

    [Theory]
    [InlineData("cloudEvents:")]
    [InlineData("cloudEvents_")]
    public async Task A_binary_cloud_event_is_what_it_was(string prefix)
    {
        var mapped = await MapAsync("{\"a\":1}"u8.ToArray(), [("content-type", "application/json; charset=utf-8")],
            (prefix + "specversion", "1.0"), (prefix + "id", "i"), (prefix + "source", "/s"), (prefix + "type", "t"), (prefix + "subject", "sub"),
            (prefix + "time", "2026-01-02T03:04:05.123456789Z"), (prefix + "dataschema", "http://x/y"), (prefix + "count", 7L), (prefix + "absent", null), ("other", "x"));
        Assert.Equal(("i", "/s", "t", "sub"), (mapped.Id.Text(), mapped.Source.Text(), mapped.Type.Text(), mapped.Subject.Text()));
        Assert.Equal(("2026-01-02T03:04:05.123456789Z", "http://x/y"), (mapped.TimeText.Text(), mapped.DataSchema.Text()));
        Assert.Equal(("application/json; charset=utf-8", EventDataKind.Json), (mapped.DataContentType.Text(), mapped.DataKind));
        Assert.Equal("count:Integer:7", Extensions(mapped));
    }

    [Fact]
    public async Task A_structured_cloud_event_is_what_it_was_whether_it_says_so_or_not()
    {
        var body = Encoding.UTF8.GetBytes("""{"specversion":"1.0","id":"i","source":"/s","type":"t","flag":true,"data":[1]}""");
        foreach (var system in new[] { _none, [("content-type", "application/cloudevents+json; charset=utf-8")] })
        {
            var mapped = await MapAsync(body, system);
            Assert.Equal(("i", "t", "flag:Boolean:true", "[1]"), (mapped.Id.Text(), mapped.Type.Text(), Extensions(mapped), mapped.Data.Span.Text()));
        }
    }

    [Fact]
    public async Task A_structured_batch_is_all_of_its_events()
    {
        var body = """[{"specversion":"1.0","id":"1","source":"/s","type":"t"},{"specversion":"1.0","id":"2","source":"/s","type":"t"}]"""u8.ToArray();
        using var batch = new EventBatch();
        Assert.True(new CaptureMapping(new CaptureMappingOptions()).TryAdd(await ReadAsync(body, [("content-type", "application/cloudevents-batch+json")]), batch, []));
        Assert.Equal(2, batch.Count);
    }

    [Fact]
    public async Task What_claims_to_be_a_cloud_event_and_is_none_is_refused_with_its_field()
    {
        using var batch = new EventBatch();
        var problems = new List<EventProblem>();
        Assert.False(new CaptureMapping(new CaptureMappingOptions()).TryAdd(await ReadAsync([], _none, ("cloudEvents:specversion", "1.0"), ("cloudEvents:id", "i")), batch, problems));
        Assert.Equal(["source", "type"], problems.Select(problem => problem.Field).Order());
    }

    [Fact]
    public async Task Of_any_other_event_nothing_that_the_sender_said_is_lost()
    {
        var mapped = await MapAsync([1, 2, 255], [("x-opt-partition-key", "k"), ("content-type", "application/octet-stream")],
            ("device", "d1"), ("n", 5L), ("f", 0.5), ("none", null), ("raw", new byte[] { 1 }));
        Assert.Equal((EventDataKind.Binary, "application/octet-stream", "k"), (mapped.DataKind, mapped.DataContentType.Text(), mapped.PartitionKey.Text()));
        Assert.Equal("""partitionkey:Text:k eventhubproperties:Text:{"device":"d1","n":5,"f":0.5,"none":null,"raw":"AQ=="}""", Extensions(mapped));
        Assert.Equal(new byte[] { 1, 2, 255 }, mapped.Data.ToArray());
        Assert.Equal("2026-01-02T03:04:05Z", mapped.TimeText.Text());
    }

    [Fact]
    public async Task Packed_blocks_are_unpacked()
    {
        var file = AvroFiles.Make(CaptureHeader.OwnSchema, "deflate", [.. Enumerable.Range(0, 50).Select(i => AvroFiles.Event(i, new byte[1000], _none))]);
        Assert.True(file.Length < 5000);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), (await CaptureReading.EventsAsync(file)).Select(captured => captured.Sequence));
        file[^30] ^= 255;
        await Assert.ThrowsAsync<CaptureCorruptException>(() => CaptureReading.EventsAsync(file));
    }

    [Fact]
    public async Task A_schema_with_other_fields_other_order_and_other_types_is_read_by_its_names()
    {
        const string Schema = """
            {"type":"record","name":"EventData","namespace":"x","doc":"d","fields":[
              {"name":"Extra","type":{"type":"array","items":{"type":"record","name":"E","fields":[{"name":"f","type":{"type":"fixed","name":"F","size":3}},{"name":"again","type":["null","E"]}]}}},
              {"name":"Body","type":"bytes"},
              {"name":"SequenceNumber","type":["null","long"]},
              {"name":"EnqueuedTimeUtc","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"Kind","type":{"type":"enum","name":"K","symbols":["a","b"]}},
              {"name":"Properties","type":["null",{"type":"map","values":"string"}]}]}
            """;
        var file = AvroFiles.Make(Schema, null, buffer =>
        {
            buffer.Long(-1); // a count that is negative has the size of its items behind it
            buffer.Long(8);
            buffer.Raw([1, 2, 3]);
            buffer.Long(1);
            buffer.Raw([4, 5, 6]);
            buffer.Long(0);
            buffer.Long(0);
            buffer.Bytes("body"u8);
            buffer.Long(1);
            buffer.Long(77);
            buffer.Long(1000);
            buffer.Long(1);
            buffer.Long(1);
            buffer.Long(1);
            AvroFiles.Text(buffer, "a");
            AvroFiles.Text(buffer, "b");
            buffer.Long(0);
        });
        var captured = Assert.Single(await CaptureReading.EventsAsync(file));
        Assert.Equal((77, "body", DateTimeOffset.UnixEpoch.AddSeconds(1)), (captured.Sequence, captured.BodyText(), captured.Enqueued));
        Assert.Equal(new CapturedProperty("a", "b"), Assert.Single(captured.Properties));
    }

    [Theory]
    [InlineData("""{"type":"record","name":"Other","fields":[]}""", null)]
    [InlineData("\"string\"", null)]
    [InlineData("{", null)]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"SequenceNumber","type":"nonsense"}]}""", null)]
    [InlineData(CaptureHeader.OwnSchema, "snappy")]
    public async Task What_is_no_capture_is_refused_with_the_reason(string schema, string? codec)
    {
        var error = await Assert.ThrowsAsync<CaptureCorruptException>(() => CaptureReading.EventsAsync(AvroFiles.Make(schema, codec), "other.avro"));
        Assert.Contains("other.avro", error.Message, StringComparison.Ordinal);
    }

    private static async Task<RecordedEvent> MapAsync(byte[] body, (string, object?)[] system, params (string, object?)[] properties) =>
        CaptureReading.Map(await ReadAsync(body, system, properties));

    private static async Task<CapturedEvent> ReadAsync(byte[] body, (string, object?)[] system, params (string, object?)[] properties) =>
        Assert.Single(await CaptureReading.EventsAsync(AvroFiles.Make(CaptureHeader.OwnSchema, "null", AvroFiles.Event(5, body, system, properties))));

    private static string Extensions(RecordedEvent mapped)
    {
        var all = new List<string>();
        foreach (var extension in mapped.Extensions)
            all.Add($"{extension.Name.Text()}:{extension.Kind}:{extension.Value.Text()}");
        return string.Join(' ', all);
    }
}
