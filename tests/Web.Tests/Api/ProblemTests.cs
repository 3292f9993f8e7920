using System.Net;

namespace Kappa.Tests.Api;

public sealed class ProblemTests : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private RunningHost _host = null!;

    public async Task InitializeAsync() => _host = await RunningHost.StartAsync(_data.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _data.Dispose();
    }

    [Theory]
    [InlineData("/views?take=1", "take")]
    [InlineData("/views/game?take=0", "take")]
    [InlineData("/views/game?take=1001", "take")]
    [InlineData("/views/game?take=-1", "take")]
    [InlineData("/views/game?take=ten", "take")]
    [InlineData("/views/game?take=1&take=2", "take")]
    [InlineData("/views/game?after=nonsense", "after")]
    [InlineData("/views/game?recipt=x", "recipt")]
    [InlineData("/views/game?receipt=x", "key")]
    [InlineData("/views/game?key=x&take=1", "take")]
    [InlineData("/views/game/x?receipt=nonsense", "receipt")]
    [InlineData("/views/game/x?receipt=cjA6MQ&wait=5", "wait")]
    [InlineData("/views/game/x?receipt=cjA6MQ&wait=61s", "wait")]
    [InlineData("/views/game/x?receipt=cjA6MQ&wait=99999999999s", "wait")]
    [InlineData("/views/game/x?receipt=cjA6MQ&wait=-1s", "wait")]
    [InlineData("/views/game/x?mode=every", "mode")]
    [InlineData("/views/game/x?token=x", "token")]
    [InlineData("/views/game/x/history?after=x", "after")]
    [InlineData("/views/game/x/history?after=-1", "after")]
    [InlineData("/views/customer-spend/by/email/a@b?after=x", "after")]
    [InlineData("/views/customer-spend/top/total?after=x", "after")]
    [InlineData("/quarantine?after=x", "after")]
    [InlineData("/log?from=1", "from")]
    [InlineData("/log/0?from=x", "from")]
    [InlineData("/log/0?from=1", "from")]
    [InlineData("/log/0?take=0", "take")]
    [InlineData("/audit/game?x=1", "x")]
    [InlineData("/health/live?x=1", "x")]
    public async Task A_bad_parameter_is_400_and_named(string path, string field)
    {
        using var answer = await _host.Client.GetAsync(path);
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "bad-request", field);
    }

    [Theory]
    [InlineData("/nope", "unknown-route")]
    [InlineData("/views/game/a/b", "unknown-route")]
    [InlineData("/views/game/a/b/c/d", "unknown-route")]
    [InlineData("/events/x", "unknown-route")]
    [InlineData("/views/nope", "unknown-view")]
    [InlineData("/views/nope/x", "unknown-view")]
    [InlineData("/views/nope/x/history", "unknown-view")]
    [InlineData("/views/nope/top/x", "unknown-view")]
    [InlineData("/audit/nope", "unknown-view")]
    [InlineData("/views/game/x", "unknown-key")]
    [InlineData("/views/game/x/history", "unknown-key")]
    [InlineData("/views/game/top/nope", "unknown-index")]
    [InlineData("/views/game/by/nope/x", "unknown-index")]
    [InlineData("/log/4", "unknown-partition")]
    [InlineData("/log/x", "unknown-partition")]
    public async Task What_is_not_there_is_404_and_says_what(string path, string what)
    {
        using var answer = await _host.Client.GetAsync(path);
        await answer.ProblemAsync(HttpStatusCode.NotFound, what);
    }

    [Fact]
    public async Task A_method_that_a_path_does_not_take_is_405()
    {
        using var answer = await _host.Client.DeleteAsync("/events");
        await answer.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_watch_that_cannot_be_is_a_problem_and_not_an_empty_stream()
    {
        foreach (var (path, status, what) in ((string, HttpStatusCode, string)[])[
            ("/views/nope/x", HttpStatusCode.NotFound, "unknown-view"), ("/views/game/x?mode=all", HttpStatusCode.BadRequest, "bad-request"),
            ("/views/game/x?token=x", HttpStatusCode.BadRequest, "bad-request"), ("/views/game/x?receipt=cjA6MQ", HttpStatusCode.BadRequest, "bad-request")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var answer = await _host.Client.SendAsync(request);
            await answer.ProblemAsync(status, what);
        }
    }

    [Fact]
    public async Task A_receipt_that_is_not_reached_in_time_is_503_not_yet()
    {
        // A receipt of an append that the log does not have: nobody will ever reach it.
        var future = new Log.Receipt(Log.Cut.Zero.With(0, 1000).With(1, 1000).With(2, 1000).With(3, 1000));
        using var answer = await _host.Client.GetAsync($"/views/game/x?receipt={future}&wait=50ms");
        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "not-yet");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_receipt_that_is_reached_without_an_instance_is_404()
    {
        var receipt = await _host.Client.OrdersAsync(Post.Order("o1", "c"));
        using var answer = await _host.Client.GetAsync($"/views/customer-spend/other?receipt={receipt}");
        await answer.ProblemAsync(HttpStatusCode.NotFound, "unknown-key");
    }

    [Fact]
    public async Task Every_endpoint_and_parameter_is_in_the_OpenAPI_document()
    {
        var document = await _host.Client.ReadAsync("/openapi/v1.json");
        var calls = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(call => (path.Name, Call: call)))
            .ToDictionary(call => $"{call.Call.Name} {call.Name}", call => call.Call.Value);
        Assert.Equal(
        [
            "get /audit/{view}", "get /health/live", "get /health/ready", "get /log", "get /log/{partition}", "get /quarantine",
            "get /rebuilds", "get /rebuilds/{id}", "get /rebuilds/{id}/diff", "get /views", "get /views/{view}",
            "get /views/{view}/by/{lookup}/{value}", "get /views/{view}/top/{rank}", "get /views/{view}/{key}", "get /views/{view}/{key}/history",
            "post /events", "post /quarantine/{view}/positions/{position}/retry", "post /quarantine/{view}/{key}/retry",
            "post /rebuilds/{id}/discard", "post /rebuilds/{id}/pause", "post /rebuilds/{id}/promote", "post /rebuilds/{id}/resume", "post /rebuilds/{id}/rollback",
            "post /views/{view}/rebuilds",
        ], calls.Keys.Order(StringComparer.Ordinal));
        Assert.All(calls.Values, call => Assert.NotEqual("", call.GetProperty("summary").GetString()));
        Assert.Equal(["view", "key", "receipt", "wait", "at", "token", "mode"],
            calls["get /views/{view}/{key}"].GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
    }
}
