using System.Text;
using Kappa.Events;

namespace Kappa.Tests.Events;

public sealed class EnvelopeTests
{
    private const string Order = """{"orderId":"o1","customer":"c1","total":1.50,"currency":"GBP"}""";

    [Fact]
    public void Attributes_and_data_are_kept_as_they_were_sent()
    {
        var read = Reading.One("""
            { "type" : "x.y", "data" : { "a" : [ 1 , 2.50e0 ] } , "time":"2011-05-31t12:00:00.1234567890+02:00",
              "specversion":"1.0", "id":"é\u00e9\ud83d\ude00\"", "source":"urn:a:b", "subject":"a\/b", "extstring":"\u0041", "extinteger": -5, "extbool":false, "extnull":null }
            """);

        Assert.Equal(EventReadResult.Ok, read.Result);
        var recorded = read.Event();
        Assert.Equal("éé😀\"", Encoding.UTF8.GetString(recorded.Id));
        Assert.Equal("a/b", Encoding.UTF8.GetString(recorded.Subject));
        Assert.Equal("2011-05-31t12:00:00.1234567890+02:00", Encoding.UTF8.GetString(recorded.TimeText));
        Assert.Equal(new DateTime(2011, 5, 31, 10, 0, 0, DateTimeKind.Utc).Ticks + 1234567, recorded.TimeTicks);
        Assert.Equal("{ \"a\" : [ 1 , 2.50e0 ] }", Encoding.UTF8.GetString(recorded.Data.Span));
        Assert.Equal(EventDataKind.Json, recorded.DataKind);
        var extensions = new List<string>();
        foreach (var extension in recorded.Extensions)
            extensions.Add($"{Encoding.UTF8.GetString(extension.Name)}={Encoding.UTF8.GetString(extension.Value)}:{extension.Kind}");
        Assert.Equal(["extstring=A:Text", "extinteger=-5:Integer", "extbool=false:Boolean"], extensions);
    }

    [Fact]
    public void The_order_of_members_does_not_matter()
    {
        string[] members =
        [
            "\"specversion\":\"1.0\"", "\"id\":\"1\"", "\"source\":\"/s\"", "\"type\":\"sample.order.v2\"", "\"data\":" + Order, "\"datacontenttype\":\"application/json\"",
        ];
        var expected = Reading.One("{" + string.Join(',', members) + "}").Records[0];
        var orders = 0;
        foreach (var order in Permutations(members))
        {
            Assert.Equal(expected, Assert.Single(Reading.One("{" + string.Join(" ,\n", order) + "}").Records));
            orders++;
        }
        Assert.Equal(720, orders);
    }

    [Fact]
    public void Names_may_be_escaped() => Assert.Equal(
        Reading.One(Reading.Minimal("\"data\":1,\"ext\":\"x\"")).Records[0],
        Reading.One("""{"\u0073pecversion":"1.0","i\u0064":"1","sour\u0063e":"/s","\u0074ype":"t","d\u0061ta":1,"e\u0078t":"\u0078"}""").Records[0]);

    [Theory]
    [InlineData("id", "\"id\":\"2\"", "more than once")]
    [InlineData("data", "\"data\":1,\"data\":1", "more than once")]
    [InlineData("ext", "\"ext\":1,\"ext\":1", "more than once")]
    [InlineData("ext", "\"ext\":null,\"ext\":1", "more than once")]
    [InlineData("specversion", "\"specversion\":\"1.0\"", "more than once")]
    [InlineData("data", "\"data_base64\":\"AAAA\",\"data\":1", "beside data_base64")]
    [InlineData("data_base64", "\"data_base64\":\"A\"", "base64")]
    [InlineData("data_base64", "\"data_base64\":7", "base64")]
    [InlineData("subject", "\"subject\":\"a\\u0007\"", "control characters")]
    [InlineData("subject", "\"subject\":\"\\ud800\"", "valid Unicode")]
    [InlineData("subject", "\"subject\":\"\uffff\"", "noncharacters")]
    [InlineData("subject", "\"subject\":[]", "string")]
    [InlineData("ext", "\"ext\":\"\\udc00\"", "valid Unicode")]
    [InlineData("ext", "\"ext\":{\"a\":[1]}", "boolean")]
    [InlineData("ext", "\"ext\":2147483648", "32 bits")]
    [InlineData("ext", "\"ext\":1.0", "32 bits")]
    [InlineData("ext", "\"ext\":1e2", "32 bits")]
    [InlineData("", "\"\":1", "attribute name")]
    [InlineData("a_b", "\"a_b\":1", "attribute name")]
    [InlineData("kappatime", "\"kappatime\":\"2026-11-21T10:12:00Z\"", "reserved")]
    [InlineData("kappa", "\"kappa\":null", "reserved")]
    [InlineData("partitionkey", "\"partitionkey\":\"\"", "not empty")]
    [InlineData("partitionkey", "\"partitionkey\":5", "string")]
    [InlineData("source", "\"source\":null", "more than once")]
    [InlineData("datacontenttype", "\"datacontenttype\":\"text/plain; charset\"", "RFC 2046")]
    [InlineData("dataschema", "\"dataschema\":\"#relative\"", "absolute")]
    [InlineData("time", "\"time\":\"2026-02-29T00:00:00Z\"", "RFC 3339")]
    public void A_member_that_does_not_conform_is_refused_by_name(string field, string member, string reason)
    {
        var read = Reading.One(Reading.Minimal(member));
        var problem = Assert.Single(read.Problems);
        Assert.Equal(EventReadResult.Invalid, read.Result);
        Assert.Equal((0, field), (problem.Index, problem.Field));
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_all_events_are_found_in_one_go()
    {
        var read = Reading.Batch($$"""
            [{{Reading.Minimal()}}, {"specversion":"0.3","id":"","source":"a b","time":"now","Bad":1}, 7,
             {{Reading.Minimal("\"type\":\"x\"")}}, {"specversion":"1.0","id":"1","source":"/s","type":"sample.order.v2","data":{"orderId":1} }]
            """);
        Assert.Equal(["1.specversion", "1.Bad", "1.id", "1.type", "1.source", "1.time", "2.", "3.type", "4.data.orderId"],
            read.Problems.Select(problem => $"{problem.Index}.{problem.Field}"));
    }

    [Fact]
    public void Problems_are_collected_up_to_a_bound()
    {
        var read = Reading.Batch("[" + string.Join(',', Enumerable.Repeat("{}", 1000)) + "]");
        Assert.Equal(ProblemList.ProblemsMax, read.Problems.Count);
    }

    [Theory]
    [InlineData("", 0, "at byte 0")]
    [InlineData("[", 0, "at byte 1")]
    [InlineData("[{\"id\":}]", 0, "at byte 7")]
    [InlineData("[7,\n{\"id\":\n \"\u0001\"}]", 1, "at byte 13")]
    [InlineData("[{}] 1", 1, "at byte 5")]
    [InlineData("[{},]", 1, "at byte 4")]
    [InlineData("[//\n]", 0, "at byte 1")]
    [InlineData("{}", 0, "must be a JSON array")]
    public void Malformed_JSON_is_refused_with_its_place(string json, int index, string reason)
    {
        var problem = Reading.Batch(json).Problems[^1];
        Assert.Equal((index, ""), (problem.Index, problem.Field));
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"data\":\"\u00ff\"", "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":\"")]
    [InlineData("\"subject\":\"\u00ff\"", "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"")]
    public void Bytes_that_are_not_UTF8_are_refused_with_their_place(string member, string before)
    {
        var problem = Assert.Single(Reading.One(Encoding.Latin1.GetBytes(Reading.Minimal(member))).Problems);
        Assert.Equal($"is not UTF-8 at byte {before.Length}; JSON is always sent as UTF-8", problem.Reason);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_behind_a_whole_event_are_refused() => Assert.Contains("not UTF-8",
        Assert.Single(Reading.One([.. Encoding.UTF8.GetBytes(Reading.Minimal()), 0xff]).Problems).Reason, StringComparison.Ordinal);

    [Fact]
    public void Data_may_nest_64_levels_and_no_more()
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            string Nested(int levels) => Reading.Minimal(
                "\"data\":" + string.Concat(Enumerable.Repeat(open, levels)) + "0" + string.Concat(Enumerable.Repeat(close, levels)));
            Assert.Equal(EventReadResult.Ok, Reading.One(Nested(64)).Result);
            Assert.Equal(EventReadResult.Ok, Reading.Batch($"[{Nested(64)}]").Result);
            Assert.Contains("deeper than 64", Assert.Single(Reading.One(Nested(65)).Problems).Reason, StringComparison.Ordinal);
            Assert.Contains("deeper than 64", Assert.Single(Reading.Batch($"[{Nested(100_000)}]").Problems).Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Too_many_and_too_large_are_told_apart_from_invalid()
    {
        var reader = SampleEvents.Reader(eventBytesMax: 100, eventsMax: 2);
        var one = Reading.Minimal();
        Assert.Equal(2, Reading.Batch($"[{one},{one}]", reader).Records.Count);
        var tooMany = Reading.Batch($"[{one},{one},{one}]", reader);
        Assert.Equal((EventReadResult.TooMany, 2), (tooMany.Result, Assert.Single(tooMany.Problems).Index));
        var tooLarge = Reading.Batch($"[{one},{Reading.Minimal($"\"data\":\"{new string('x', 100)}\"")}]", reader);
        Assert.Equal((EventReadResult.TooLarge, 1), (tooLarge.Result, Assert.Single(tooLarge.Problems).Index));
        Assert.Equal(EventReadResult.TooLarge, Reading.Binary([("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t")], null, new byte[100], reader).Result);
    }

    [Fact]
    public void An_event_of_exactly_the_largest_size_is_taken()
    {
        var size = Reading.One(Reading.Minimal("\"data\":12345")).Records[0].Length;
        Assert.Equal(EventReadResult.Ok, Reading.One(Reading.Minimal("\"data\":12345"), SampleEvents.Reader(eventBytesMax: size)).Result);
        Assert.Equal(EventReadResult.TooLarge, Reading.One(Reading.Minimal("\"data\":12345"), SampleEvents.Reader(eventBytesMax: size - 1)).Result);
    }

    [Fact]
    public void Attributes_and_their_number_are_bounded()
    {
        Assert.Equal(EventReadResult.Ok, Reading.One(Reading.Minimal($"\"subject\":\"{new string('x', 8192)}\"")).Result);
        Assert.Equal(["subject"], Reading.One(Reading.Minimal($"\"subject\":\"{new string('x', 8193)}\"")).Fields);
        Assert.Equal(["ext"], Reading.One(Reading.Minimal($"\"ext\":\"{new string('x', 8193)}\"")).Fields);
        Assert.Equal(EventReadResult.Ok, Reading.One(Reading.Minimal(string.Join(',', Enumerable.Range(0, 64).Select(i => $"\"e{i}\":{i}")))).Result);
        Assert.Equal(["e64"], Reading.One(Reading.Minimal(string.Join(',', Enumerable.Range(0, 65).Select(i => $"\"e{i}\":{i}")))).Fields);
        Assert.Equal(EventReadResult.Ok, Reading.One(Reading.Minimal($"\"{new string('e', 64)}\":1")).Result);
        Assert.Equal([new string('e', 64) + "…"], Reading.One(Reading.Minimal($"\"{new string('e', 65)}\":1")).Fields);
    }

    [Fact]
    public void Long_escaped_texts_are_unescaped_whatever_their_number()
    {
        var escaped = string.Concat(Enumerable.Repeat("\\u0041", 700));
        var read = Reading.One($$"""{"specversion":"1.0","id":"{{escaped}}","source":"/{{escaped}}","type":"t{{escaped}}","subject":"s{{escaped}}","ext":"x{{escaped}}"}""");
        var plain = new string('A', 700);
        Assert.Equal(Reading.One($$"""{"specversion":"1.0","id":"{{plain}}","source":"/{{plain}}","type":"t{{plain}}","subject":"s{{plain}}","ext":"x{{plain}}"}""").Records[0],
            Assert.Single(read.Records));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"Simple text\"")]
    [InlineData("1e400")]
    [InlineData("123456789012345678901234567890.123456789012345678901234567890")]
    [InlineData("[]")]
    [InlineData("{\"a\":1,\"a\":2,\"\\ud800\":\"\\udc00\"}")]
    public void Data_of_unknown_types_may_be_any_JSON_and_is_kept_to_the_letter(string data)
    {
        var read = Reading.One(Reading.Minimal("\"data\":" + data));
        Assert.Equal(data, Encoding.UTF8.GetString(Assert.Single(read.Records).AsSpan()[^data.Length..]));
        Assert.Contains("\"data\":" + data, read.Written(), StringComparison.Ordinal);
    }

    private static IEnumerable<string[]> Permutations(string[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany((first, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (string[])[first, .. rest]));
}
