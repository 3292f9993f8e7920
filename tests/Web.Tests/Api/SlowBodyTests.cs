using System.Net.Sockets;
using System.Text;
using Kappa.Web.Http;

namespace Kappa.Tests.Api;

public sealed class SlowBodyTests
{
    [Fact]
    public async Task A_body_that_does_not_arrive_gets_408_and_holds_nothing()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path, "--Kappa:Http:BodySecondsMax=1");
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /events HTTP/1.1\r\nHost: {host.Address.Authority}\r\nContent-Type: application/cloudevents+json\r\nContent-Length: 1000\r\n\r\n{{\"spec"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(Post.Patience);
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/slow-request", answer, StringComparison.Ordinal);
        Assert.Equal(0, host.Get<BodyPlaces>().Taken);
        await host.Client.OrdersAsync(Post.Order("o1", "c"));
    }

    [Fact]
    public async Task Bodies_that_together_hold_too_much_get_429()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path,
            "--Kappa:Log:EventBytesMax=65536", "--Kappa:Log:RequestBytesMax=65536", "--Kappa:Http:BodiesBytesMax=65536");
        var places = host.Get<BodyPlaces>();
        Assert.True(places.TryTake(60_000));
        using var refused = await host.Client.EventsAsync(Post.Order("o1", "c"));
        await refused.ProblemAsync(System.Net.HttpStatusCode.TooManyRequests, "overloaded");
        Assert.NotNull(refused.Headers.RetryAfter);
        places.GiveBack(60_000);
        await host.Client.OrdersAsync(Post.Order("o1", "c"));
        Assert.Equal(0, places.Taken);
    }
}
