using System.Text;
using Kappa.Events;
using Xunit.Abstractions;

namespace Kappa.Tests.Events;

public sealed class ReaderFuzzTests(ITestOutputHelper output)
{
    private const string Valid = """
        [{"specversion":"1.0","id":"o-1","source":"/shop","type":"sample.order.v2","subject":"customer/17850","time":"2010-12-01T08:26:00.5+00:00","datacontenttype":"application/json","partitionkey":"k\u0041","n":5,"b":true,"data":{"orderId":"536365","customer":"17850","total":-139.12e0,"currency":"GBP"}},
         {"data":{"orderId":"536366","customer":"é😀","total":22.2,"currency":"GBP"},"type":"sample.order.v2","source":"https://x.example/a%20b?c#d","id":"o-2","specversion":"1.0"},
         {"specversion":"1.0","id":"o-3","source":"#f","type":"other","data":[null,{"a":[1,2,{"b":"\ud83d\ude00"}]},1e400],"dataschema":"urn:s"},
         {"specversion":"1.0","id":"o-4","source":"urn:x:y","type":"other","data_base64":"AAECAw==","subject":null}]
        """;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\u0000", "null", "true", "1e999", "-", "0", "\"id\":\"x\"", "\"data\":{}", "\"data_base64\":\"AA==\"",
        "\"type\":\"sample.order\"", "\"kappatime\":1", "\"A\":1", " ", "\n", "\u0001", "😀", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "//", "NaN",
    ];

    [Fact]
    public void Whatever_is_sent_is_taken_or_refused_and_nothing_is_thrown()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var reader = SampleEvents.Reader(eventBytesMax: 280, eventsMax: 6);
        var valid = Encoding.UTF8.GetBytes(Valid);
        Assert.Equal(4, Reading.Batch(Valid, reader).Records.Count);
        var results = new int[4];
        using var batch = new EventBatch();
        var problems = new List<EventProblem>();
        for (var round = 0; round < 20_000; round++)
        {
            var json = Mutate(valid, random);
            batch.Clear();
            problems.Clear();
            try
            {
                var result = reader.ReadBatch(json, batch, problems);
                Assert.Equal(result == EventReadResult.Ok, problems.Count == 0);
                Assert.True(result == EventReadResult.Ok || batch.Count == 0);
                Assert.All(problems, problem => Assert.False(string.IsNullOrWhiteSpace(problem.Reason)));
                for (var i = 0; i < batch.Count; i++)
                    Assert.True(EventRecord.IsWellFormed(batch.Record(i)));
                results[(int)result]++;
                reader.ReadOne(json, batch, problems);
            }
            catch (Exception e)
            {
                output.WriteLine($"seed {Seed}, round {round}, {e.GetType().Name}: {Convert.ToBase64String(json)}");
                throw;
            }
        }
        output.WriteLine($"seed {Seed}: ok, invalid, too large, too many: {string.Join(", ", results)}");
        Assert.All(results, count => Assert.True(count > 0, "The mutations no longer reach every outcome."));
    }

    private static byte[] Mutate(byte[] valid, Random random)
    {
        var bytes = valid.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)])); break;
                case 5: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
                default:
                    // A whole event or more once again, so that there are too many.
                    var copy = bytes.GetRange(1, Math.Max(0, bytes.Count - 2));
                    copy.Add((byte)',');
                    bytes.InsertRange(1, copy);
                    break;
            }
        }
        return [.. bytes];
    }
}
