using System.Net;
using Kappa.Views;

namespace Kappa.Tests.Api;

/// <summary>What is asked of builds in a way that does not fit.</summary>
public sealed class RebuildRequestTests : IDisposable
{
    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    private Task<RunningHost> HostAsync(params View[] views) => RunningHost.StartAsync(_data.Path, CountView.Types(), views, configure: null);

    [Theory]
    [InlineData("/views/count/rebuilds", """{"version":"2"}""", "version")]
    [InlineData("/views/count/rebuilds", """{"version":0}""", "version")]
    [InlineData("/views/count/rebuilds", """{"version":1.5}""", "version")]
    [InlineData("/views/count/rebuilds", """{"dryRun":1}""", "dryRun")]
    [InlineData("/views/count/rebuilds", """{"dryrun":true}""", "dryrun")]
    [InlineData("/views/count/rebuilds", """{"version":1,"version":1}""", "body")]
    [InlineData("/views/count/rebuilds", "[]", "body")]
    [InlineData("/views/count/rebuilds", "{", "body")]
    [InlineData("/rebuilds/count-v1-1/promote", """{"changedMax":0}""", "changedMax")]
    [InlineData("/rebuilds/count-v1-1/promote", """{"gate":[]}""", "gate")]
    [InlineData("/rebuilds/count-v1-1/promote", """{"gate":{"changedmax":0}}""", "gate.changedmax")]
    [InlineData("/rebuilds/count-v1-1/promote", """{"gate":{"changedMax":-1}}""", "gate.changedMax")]
    [InlineData("/rebuilds/count-v1-1/promote", """{"gate":{"onlyFields":"/a"}}""", "gate.onlyFields")]
    [InlineData("/rebuilds/count-v1-1/promote", """{"gate":{"onlyFields":["/a",""]}}""", "gate.onlyFields")]
    [InlineData("/rebuilds/count-v1-1/pause", """{"now":true}""", "now")]
    [InlineData("/rebuilds/count-v1-1/discard", """{"force":true}""", "force")]
    public async Task A_body_that_does_not_fit_does_nothing_and_names_the_member(string path, string body, string field)
    {
        await using var host = await HostAsync(new CountView());
        using var answer = await host.Client.PostJsonAsync(path, body);
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "bad-request", field);
        if (field != "body")
            Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.Text("field") == field && error.Text("reason").Length > 0);
        Assert.Equal(1, (await host.Client.ReadAsync("/rebuilds")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_a_body_that_is_no_JSON_415()
    {
        await using var host = await HostAsync(new CountView());
        foreach (var (path, body, what) in ((string, string?, string)[])[
            ("/views/none/rebuilds", null, "unknown-view"), ("/views/count/rebuilds", """{"version":9}""", "unknown-rebuild"),
            ("/rebuilds/none/promote", null, "unknown-rebuild"), ("/rebuilds/none/rollback", null, "unknown-rebuild"), ("/rebuilds/none/pause", null, "unknown-rebuild"),
            ("/rebuilds/none/resume", null, "unknown-rebuild"), ("/rebuilds/none/discard", null, "unknown-rebuild"), ("/rebuilds/none/leap", null, "unknown-route")])
        {
            using var answer = await host.Client.PostJsonAsync(path, body);
            await answer.ProblemAsync(HttpStatusCode.NotFound, what);
        }
        foreach (var (path, status, what) in ((string, HttpStatusCode, string)[])[
            ("/rebuilds/none", HttpStatusCode.NotFound, "unknown-rebuild"), ("/rebuilds/none/diff", HttpStatusCode.NotFound, "unknown-rebuild"),
            ("/rebuilds?view=none", HttpStatusCode.NotFound, "unknown-view"), ("/rebuilds?veiw=count", HttpStatusCode.BadRequest, "bad-request")])
        {
            using var answer = await host.Client.GetAsync(path);
            await answer.ProblemAsync(status, what);
        }
        using var plain = await host.Client.PostJsonAsync("/views/count/rebuilds", "{}", "text/plain");
        await plain.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task A_key_that_is_called_rebuilds_is_read_like_any_other()
    {
        await using var host = await HostAsync(new CountView());
        var receipt = await host.Client.OrdersAsync(CountView.Event(1, "rebuilds", 7));
        Assert.Equal("7", (await host.Client.ReadAsync($"/views/count/rebuilds?receipt={receipt}")).GetProperty("state").Text("sum"));
    }
}
