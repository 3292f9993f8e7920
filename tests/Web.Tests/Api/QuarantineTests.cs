using System.Net;
using System.Text.Json;

namespace Kappa.Tests.Api;

public sealed class QuarantineTests : IAsyncLifetime
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
    public async Task A_fold_that_throws_stops_one_instance_shows_it_and_a_retry_after_the_fix_folds_on()
    {
        await _host.Client.OrdersAsync(CountView.Event(1, "bad", 1));
        var receipt = await _host.Client.OrdersAsync(CountView.Event(2, "bad", 13), CountView.Event(3, "bad", 5), CountView.Event(4, "good", 7));
        Assert.Equal(7, Sum(await _host.Client.ReadAsync($"/views/count/good?receipt={receipt}")));

        using var conflict = await _host.Client.GetAsync($"/views/count/bad?receipt={receipt}");
        Assert.Contains("thirteen is too much", (await conflict.ProblemAsync(HttpStatusCode.Conflict, "quarantined")).GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var marked = await _host.Client.GetAsync("/views/count/bad");
        var envelope = await marked.JsonAsync(HttpStatusCode.OK);
        Assert.Equal((1L, 1), (envelope.GetProperty("version").GetInt64(), Sum(envelope)));
        var position = envelope.GetProperty("quarantined").GetProperty("position").GetString();

        // The token is that of the last good state, so a cache must not be told that nothing has changed.
        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/views/count/bad");
        conditional.Headers.IfNoneMatch.Add(marked.Headers.ETag!);
        using var again = await _host.Client.SendAsync(conditional);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        var item = Assert.Single((await _host.Client.ReadAsync("/quarantine")).GetProperty("items").EnumerateArray());
        Assert.Equal(("count", "bad", position, 2), (item.GetProperty("view").GetString(), item.GetProperty("key").GetString(),
            item.GetProperty("position").GetString(), item.GetProperty("held").GetInt32()));
        Assert.False((await _host.Client.ReadAsync("/audit/count")).GetProperty("complete").GetBoolean());

        Assert.Equal("still-quarantined", (await RetryAsync("/quarantine/count/bad/retry")).GetProperty("status").GetString());
        _view.IsMended = true;
        var released = await RetryAsync("/quarantine/count/bad/retry");
        Assert.Equal(("released", 2, 0), (released.GetProperty("status").GetString(), released.GetProperty("applied").GetInt32(), released.GetProperty("held").GetInt32()));
        Assert.Equal(19, Sum(await _host.Client.ReadAsync($"/views/count/bad?receipt={receipt}")));
        Assert.Equal(0, (await _host.Client.ReadAsync("/quarantine")).GetProperty("items").GetArrayLength());
        Assert.True((await _host.Client.ReadAsync("/audit/count")).GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task An_event_that_cannot_be_routed_is_held_at_the_view_until_its_retry()
    {
        var receipt = await _host.Client.OrdersAsync(CountView.Event(1, "unroutable", 4));
        using (var absent = await _host.Client.GetAsync($"/views/count/unroutable?receipt={receipt}"))
            Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        var item = Assert.Single((await _host.Client.ReadAsync("/quarantine")).GetProperty("items").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("key").ValueKind);

        _view.IsMended = true;
        var released = await RetryAsync($"/quarantine/count/positions/{item.GetProperty("position").GetString()}/retry");
        Assert.Equal("released", released.GetProperty("status").GetString());
        Assert.Equal(4, Sum(await _host.Client.ReadAsync("/views/count/unroutable")));
    }

    [Theory]
    [InlineData("/quarantine/count/fine/retry", HttpStatusCode.NotFound, "not-quarantined")]
    [InlineData("/quarantine/count/positions/0:5/retry", HttpStatusCode.NotFound, "not-quarantined")]
    [InlineData("/quarantine/count/positions/five/retry", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("/quarantine/nope/x/retry", HttpStatusCode.NotFound, "unknown-view")]
    public async Task A_retry_of_what_has_not_stopped_is_a_problem(string path, HttpStatusCode status, string what)
    {
        using var answer = await _host.Client.PostAsync(path, null);
        await answer.ProblemAsync(status, what);
    }

    private async Task<JsonElement> RetryAsync(string path)
    {
        using var answer = await _host.Client.PostAsync(path, null);
        return await answer.JsonAsync(HttpStatusCode.OK);
    }

    private static int Sum(JsonElement envelope) => envelope.GetProperty("state").GetProperty("sum").GetInt32();
}
