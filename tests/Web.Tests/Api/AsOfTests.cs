using System.Net;
using System.Text.Json;

namespace Kappa.Tests.Api;

public sealed class AsOfTests : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private readonly CountView _view = new();
    private RunningHost _host = null!;

    public async Task InitializeAsync() => _host = await RunningHost.StartAsync(_data.Path, CountView.Types(), [_view], configure: null);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Each_append_gives_the_cut_as_of_which_everything_is_read_as_it_was_then()
    {
        var cuts = new List<string>();
        for (var i = 1; i <= 5; i++)
            cuts.Add(await AppendAsync(CountView.Event(2 * i, "a", i), CountView.Event(2 * i + 1, "b", 10 * i)));
        Assert.Equal(cuts[^1], (await _host.Client.ReadAsync("/log")).GetProperty("cut").GetString());
        for (var i = 1; i <= 5; i++)
        {
            var sum = i * (i + 1) / 2;
            foreach (var path in (string[])["/views/count/a?at=", "/views/count?key=a&at="])
                Assert.Equal((sum, i), Read(await _host.Client.ReadAsync(path + cuts[i - 1])));
            Assert.Equal((10 * sum, i), Read(await _host.Client.ReadAsync($"/views/count/b?at={cuts[i - 1]}")));
        }
        Assert.Equal(["appended", "duplicates", "receipt", "cut"], JsonElement.Parse(await PostAsync(CountView.Event(99, "a", 1))).EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task As_of_a_time_the_answer_names_its_cut_and_is_the_envelope_of_that_moment()
    {
        await AppendAsync(CountView.Event(1, "a", 1));
        var first = await _host.Client.ReadAsync($"/views/count/a?at={(await _host.Client.ReadAsync("/log")).GetProperty("cut")}");
        await AppendAsync(CountView.Event(2, "a", 2));
        using var answer = await _host.Client.GetAsync($"/views/count/a?at={first.GetProperty("appended").GetString()}");
        var then = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(first.GetRawText(), then.GetRawText());
        var cut = Assert.Single(answer.Headers.GetValues("Kappa-Cut"));
        Assert.Equal(first.GetRawText(), (await _host.Client.ReadAsync($"/views/count/a?at={cut}")).GetRawText());
        Assert.Equal(["view", "key", "viewVersion", "version", "token", "time", "appended", "position", "state"],
            then.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task An_answer_may_be_kept_and_asked_about_by_its_tag()
    {
        var cut = await AppendAsync(CountView.Event(1, "a", 1));
        using var first = await _host.Client.GetAsync($"/views/count/a?at={cut}");
        await AppendAsync(CountView.Event(2, "a", 2));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync($"/views/count/a?at={cut}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/views/count/a?at={(await _host.Client.ReadAsync("/log")).GetProperty("cut")}"));
        Assert.False(first.Headers.ETag!.IsWeak);
        Assert.True(first.Headers.CacheControl!.NoCache);

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var answer = await _host.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("/views/count/a?at=", "at")]
    [InlineData("/views/count/a?at=yesterday", "at")]
    [InlineData("/views/count/a?at=2011-05-31T12:12:00+02:00", "at")]
    [InlineData("/views/count/a?at=0:1,0:2", "at")]
    [InlineData("/views/count/a?at=9:1", "at")]
    [InlineData("/views/count/a?at=0:999", "at")]
    [InlineData("/views/count/a?at=9999-01-01T00:00:00Z", "at")]
    [InlineData("/views/count/a?at=0:0&receipt=cjA6MQ", "receipt")]
    [InlineData("/views/count/a?at=0:0&token=x", "token")]
    [InlineData("/views/count/a?at=0:0&wait=1h", "wait")]
    [InlineData("/views/count?at=0:0", "key")]
    [InlineData("/views/count/a/history?at=0:0", "at")]
    public async Task A_moment_that_cannot_be_read_is_400_and_says_what_to_send(string path, string field)
    {
        using var answer = await _host.Client.GetAsync(path);
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "bad-request", field);
    }

    [Fact]
    public async Task A_watch_does_not_go_with_at()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/views/count/a?at=0:0");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await _host.Client.SendAsync(request);
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "bad-request", "at");
    }

    [Fact]
    public async Task Before_its_first_event_an_instance_is_404_and_an_empty_log_has_a_cut_too()
    {
        Assert.Equal("0:0", (await _host.Client.ReadAsync("/log")).GetProperty("cut").GetString());
        await AppendAsync(CountView.Event(1, "a", 1));
        foreach (var at in (string[])["0:0", "2011-05-31T10:12:00Z"])
        {
            using var answer = await _host.Client.GetAsync($"/views/count/a?at={at}");
            Assert.Contains($"as of {at}", (await answer.ProblemAsync(HttpStatusCode.NotFound, "unknown-key", "key")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        using var view = await _host.Client.GetAsync("/views/nope/a?at=0:0");
        await view.ProblemAsync(HttpStatusCode.NotFound, "unknown-view");
    }

    [Fact]
    public async Task Before_a_quarantine_the_state_is_answered_and_past_it_it_is_409()
    {
        var good = await AppendAsync(CountView.Event(1, "bad", 1));
        var past = await AppendAsync(CountView.Event(2, "bad", 13));
        Assert.Equal((1, 1), Read(await _host.Client.ReadAsync($"/views/count/bad?at={good}")));
        Assert.False((await _host.Client.ReadAsync($"/views/count/bad?at={good}")).TryGetProperty("quarantined", out _));
        using var conflict = await _host.Client.GetAsync($"/views/count/bad?at={past}");
        Assert.Contains("thirteen is too much", (await conflict.ProblemAsync(HttpStatusCode.Conflict, "quarantined", "at")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_that_has_not_reached_the_cut_in_time_is_503_not_yet()
    {
        _view.Gate.Reset();
        try
        {
            var cut = await AppendAsync(CountView.Event(1, "a", 1));
            using var answer = await _host.Client.GetAsync($"/views/count/a?at={cut}&wait=20ms");
            await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "not-yet");
            Assert.NotNull(answer.Headers.RetryAfter);
            var waiting = _host.Client.ReadAsync($"/views/count/a?at={cut}&wait=60s");
            _view.Gate.Set();
            Assert.Equal((1, 1), Read(await waiting));
        }
        finally
        {
            _view.Gate.Set();
        }
    }

    private static (int Sum, int Version) Read(JsonElement envelope) => (envelope.GetProperty("state").GetProperty("sum").GetInt32(), envelope.GetProperty("version").GetInt32());

    private async Task<string> PostAsync(params string[] events)
    {
        using var answer = await _host.Client.EventsAsync($"[{string.Join(",", events)}]", "application/cloudevents-batch+json");
        return (await answer.JsonAsync(HttpStatusCode.OK)).GetRawText();
    }

    private async Task<string> AppendAsync(params string[] events) => JsonElement.Parse(await PostAsync(events)).GetProperty("cut").GetString()!;
}
