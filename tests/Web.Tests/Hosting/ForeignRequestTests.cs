using System.Net;

namespace Kappa.Tests.Hosting;

public sealed class ForeignRequestTests
{
    [Fact]
    public async Task Pages_of_other_origins_are_refused_by_API_hub_and_dashboard()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        foreach (var path in (string[])["/views", "/live/negotiate?negotiateVersion=1", "/quarantine/game/x/retry", "/views/game/rebuilds", "/rebuilds/game-v1-1/promote", "/dashboard/rebuilds/promote", "/"])
            foreach (var origin in (string[])["https://evil.example", "null", $"http://127.0.0.1:{host.Address.Port + 1}"])
            {
                using var answer = await SendAsync(host, HttpMethod.Post, path, origin);
                await answer.ProblemAsync(HttpStatusCode.Forbidden, "foreign-origin", "Origin");
            }
        using var own = await SendAsync(host, HttpMethod.Get, "/views", host.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task A_name_that_is_not_of_this_machine_is_refused_on_loopback()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/views");
        request.Headers.Host = "rebound.example";
        using var answer = await host.Client.SendAsync(request);
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "foreign-host", "Host");
    }

    [Fact]
    public async Task Configured_origins_are_let_in_with_CORS_and_others_are_not()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path, "--Kappa:Cors:Origins=https://app.example");
        using var welcome = await SendAsync(host, HttpMethod.Get, "/views", "https://app.example");
        Assert.Equal(["https://app.example"], welcome.Headers.GetValues("Access-Control-Allow-Origin"));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/events");
        preflight.Headers.Add("Origin", "https://app.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var leave = await host.Client.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, leave.StatusCode);
        using var foreign = await SendAsync(host, HttpMethod.Get, "/views", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(RunningHost host, HttpMethod method, string path, string origin)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        return host.Client.SendAsync(request);
    }
}
