using System.Text;
using System.Text.Json;
using Kappa.Events;

namespace Kappa.Tests.Events;

public sealed class RegisteredDataTests
{
    private const string Order = """{"orderId":"o1","customer":"c1","total":1.50,"currency":"GBP"}""";

    private static string Event(string data, string type = "sample.order.v2", bool dataFirst = false, string more = "")
    {
        var envelope = $"\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"{type}\"" + more;
        return dataFirst ? $"{{{data},{envelope}}}" : $"{{{envelope},{data}}}";
    }

    [Theory]
    [InlineData("\"data\":{\"orderId\":1}", "data.orderId", "could not be converted")]
    [InlineData("\"data\":{\"orderId\":\"o\",\"customer\":\"c\",\"total\":\"x\",\"currency\":\"GBP\"}", "data.total", "could not be converted")]
    [InlineData("\"data\":{\"orderId\":\"o\",\"customer\":\"c\",\"total\":1}", "data", "currency")]
    [InlineData("\"data\":{\"orderId\":\"\\ud800\",\"customer\":\"c\",\"total\":1,\"currency\":\"GBP\"}", "data.orderId", "")]
    [InlineData("\"data\":[]", "data", "")]
    [InlineData("\"data\":null", "data", "null")]
    [InlineData("\"data_base64\":\"eyJvcmRlcklkIjoxfQ==\"", "data.orderId", "could not be converted")]
    [InlineData("\"data_base64\":\"AAAA\"", "data", "JSON")]
    public void Data_that_does_not_fit_its_type_is_refused_by_field_wherever_the_data_stands(string data, string field, string reason)
    {
        foreach (var dataFirst in new[] { false, true })
        {
            // The event behind it is read as if nothing had happened.
            var read = Reading.Batch($"[{Event(data, dataFirst: dataFirst)},{{\"id\":5}}]");
            Assert.Equal((0, field), (read.Problems[0].Index, read.Problems[0].Field));
            Assert.Contains(reason, read.Problems[0].Reason, StringComparison.Ordinal);
            Assert.Equal([0, 1, 1, 1, 1], read.Problems.Select(problem => problem.Index));
        }
    }

    [Fact]
    public void Each_version_is_checked_against_itself()
    {
        var v1 = """{"orderId":"o1","customer":"c1","total":1.50}""";
        Assert.Equal(EventReadResult.Ok, Reading.One(Event("\"data\":" + v1, "sample.order")).Result);
        Assert.Equal(EventReadResult.Invalid, Reading.One(Event("\"data\":" + v1)).Result);
        Assert.Equal(EventReadResult.Ok, Reading.One(Event("\"data\":" + Order)).Result);
    }

    [Fact]
    public void Base64_of_JSON_is_kept_as_JSON_and_of_anything_else_as_bytes()
    {
        var base64 = $"\"data_base64\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes($" {Order}\n"))}\"";
        foreach (var read in new[]
        {
            Reading.One(Event(base64)),
            Reading.One(Event(base64, dataFirst: true)),
            Reading.One(Event(base64, "unknown", more: ",\"datacontenttype\":\"text/JSON ; charset=utf-8\"")),
            Reading.One(Event(base64, "unknown", more: ",\"datacontenttype\":\"application/vnd.x+json\"")),
        })
        {
            Assert.Equal(EventDataKind.Json, read.Event().DataKind);
            Assert.Equal(Order, Encoding.UTF8.GetString(read.Event().Data.Span));
        }
        var bytes = Reading.One(Event("\"data_base64\":\"AAEC\"", "unknown")).Event();
        Assert.Equal(EventDataKind.Binary, bytes.DataKind);
        Assert.Equal([0, 1, 2], bytes.Data.ToArray());
        Assert.Equal(EventDataKind.Binary, Reading.One(Event("\"data_base64\":\"\"", "unknown")).Event().DataKind);
        Assert.Equal(EventDataKind.None, Reading.One(Event("\"data_base64\":null", "unknown")).Event().DataKind);
        Assert.Equal(["data"], Reading.One(Event("\"data_base64\":\"AAEC\"", "unknown", more: ",\"datacontenttype\":\"a/json\"")).Fields);
    }

    [Fact]
    public void A_registered_type_needs_data_and_a_JSON_content_type()
    {
        Assert.Equal(["data"], Reading.One(Event("\"subject\":\"x\"")).Fields);
        Assert.Equal(["data_base64"], Reading.One(Event("\"data_base64\":\"?\"")).Fields);
        Assert.Equal(["datacontenttype"], Reading.One(Event("\"data\":" + Order, more: ",\"datacontenttype\":\"text/plain\"")).Fields);
        Assert.Equal(EventReadResult.Ok, Reading.One(Event("\"data\":" + Order, more: ",\"datacontenttype\":\"application/json\"")).Result);
    }

    [Fact]
    public void Unknown_types_are_kept_unless_they_are_to_be_refused()
    {
        Assert.Equal(EventReadResult.Ok, Reading.One(Event("\"data\":1", "other")).Result);
        var strict = SampleEvents.Reader(UnknownTypes.Reject);
        var problem = Assert.Single(Reading.One(Event("\"data\":1", "other"), strict).Problems);
        Assert.Equal("type", problem.Field);
        Assert.Equal(EventReadResult.Ok, Reading.One(Event("\"data\":" + Order), strict).Result);
    }

    [Fact]
    public void JSON_that_is_malformed_within_registered_data_is_a_problem_of_the_whole_request()
    {
        var json = $"[{Event("\"data\":" + Order)},{Event("\"data\":{\"orderId\":\"o1\",}")},{Event("\"data\":1")}]";
        var problem = Assert.Single(Reading.Batch(json).Problems);
        Assert.Equal((1, ""), (problem.Index, problem.Field));
        Assert.Contains($"at byte {json.IndexOf(",}", StringComparison.Ordinal) + 1}:", problem.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exception", "data")]
    [InlineData("overflow", "data")]
    [InlineData("field", "data.lines[2].quantity")]
    [InlineData("json", "data")]
    [InlineData("argument", "data")]
    public void Whatever_a_decoder_throws_over_data_is_a_problem_of_that_event(string how, string field) =>
        Assert.Equal([field], Reading.One(Reading.Minimal($"\"data\":{{\"how\":\"{how}\"}}").Replace("\"t\"", "\"odd\"", StringComparison.Ordinal), OddReader()).Fields);

    [Fact]
    public void A_decoder_that_leaves_the_reader_astray_is_named() => Assert.Contains("odd", Assert.Throws<NotSupportedException>(() =>
        Reading.One(Reading.Minimal("\"data\":{\"how\":\"astray\"}").Replace("\"t\"", "\"odd\"", StringComparison.Ordinal), OddReader())).Message, StringComparison.Ordinal);

    private static CloudEventReader OddReader() => new(
        new EventTypes().Add("odd", SampleJson.Default.SampleOrder, decoder: new OddDecoder()), UnknownTypes.Accept, 1 << 20, 10);

    private sealed class OddDecoder : IEventDecoder<SampleOrder>
    {
        public SampleOrder Decode(ref Utf8JsonReader reader)
        {
            reader.Read();
            reader.Read();
            throw reader.GetString() switch
            {
                "field" => new EventDataException("data.lines[2].quantity", "must be a whole number"),
                "overflow" => new OverflowException(),
                "argument" => new ArgumentException("must not be negative"),
                "json" => new JsonException("odd"),
                _ => new InvalidOperationException(),
            };
        }

        public void Validate(ref Utf8JsonReader reader)
        {
            var at = reader;
            at.Read();
            at.Read();
            if (!at.ValueTextEquals("astray"))
                Decode(ref reader);
        }
    }
}
