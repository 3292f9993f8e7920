using System.Net;
using System.Text;
using Xunit.Abstractions;

namespace Kappa.Tests.Api;

public sealed class AppendLimitsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private RunningHost _host = null!;

    private HttpClient Client => _host.Client;

    public async Task InitializeAsync() => _host = await RunningHost.StartAsync(_data.Path,
        "--Kappa:Log:EventBytesMax=4096", "--Kappa:Log:RequestBytesMax=65536", "--Kappa:Log:RequestEventsMax=20");

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _data.Dispose();
    }

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "nothing", [] },
        { "zeros", new byte[1000] },
        { "half an event", "{\"specversion\":\"1.0\",\"id\":"u8.ToArray() },
        { "no utf-8", [.. "{\"specversion\":\"1.0\",\"id\":\""u8, 0xFF, 0xFE, .. "\"}"u8] },
        { "deep nesting", Encoding.ASCII.GetBytes("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data":""" + new string('[', 2000) + new string(']', 2000) + "}") },
        { "deep nesting from the start", Encoding.ASCII.GetBytes(new string('[', 60_000)) },
        { "two events", Encoding.ASCII.GetBytes(Post.Order("1", "c") + Post.Order("2", "c")) },
        { "a number", "42"u8.ToArray() },
        { "a number without end", Encoding.ASCII.GetBytes(new string('9', 60_000)) },
        { "a name twice", "{\"specversion\":\"1.0\",\"id\":\"1\",\"id\":\"2\",\"source\":\"/s\",\"type\":\"t\"}"u8.ToArray() },
        { "a null", "null"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_is_400_and_the_host_goes_on(string what, byte[] body)
    {
        output.WriteLine(what);
        foreach (var type in (string[])["application/cloudevents+json", "application/cloudevents-batch+json"])
        {
            using var answer = await Client.EventsAsync(body, type);
            var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-events");
            Assert.NotEqual(0, problem.GetProperty("errors").GetArrayLength());
        }
        Assert.Empty(await Client.LogAsync());
        await Client.OrdersAsync(Post.Order("after", "c"));
    }

    [Fact]
    public async Task Oversize_is_413_and_says_which_limit()
    {
        // Far more than fits the buffers in between: the answer must arrive although the sender is still sending.
        using var body = await Client.EventsAsync(new byte[20_000_000], "application/cloudevents+json");
        Assert.Contains("RequestBytesMax", (await body.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large", "body")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var one = await Client.EventsAsync(Post.Order("o1", new string('c', 5000)));
        Assert.Contains("EventBytesMax", (await one.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large", "body")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var many = await Client.EventsAsync($"[{string.Join(",", Enumerable.Range(0, 21).Select(i => Post.Order($"m{i}", "c")))}]", "application/cloudevents-batch+json");
        Assert.Contains("RequestEventsMax", (await many.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large", "body")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await Client.LogAsync());
    }

    [Fact]
    public async Task Oversize_without_an_announced_length_is_413_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new StreamContent(new MemoryStream(new byte[70_000])) };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new("application/cloudevents+json");
        using var answer = await Client.SendAsync(request);
        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task An_empty_batch_appends_nothing()
    {
        using var answer = await Client.EventsAsync("[]", "application/cloudevents-batch+json");
        Assert.Equal(0, (await answer.JsonAsync(HttpStatusCode.OK)).GetProperty("appended").GetInt32());
    }
}
