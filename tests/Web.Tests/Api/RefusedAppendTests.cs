using System.Net;
using Kappa.Events;
using Kappa.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Kappa.Tests.Api;

public sealed class RefusedAppendTests
{
    [Fact]
    public async Task A_log_that_is_overloaded_gives_429_with_Retry_After()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path, ShippedViews.Events(), ShippedViews.All(),
            builder => builder.Services.AddSingleton<ILogWriter>(new FullQueue()));
        using var answer = await host.Client.EventsAsync(Post.Order("o1", "c"));
        await answer.ProblemAsync(HttpStatusCode.TooManyRequests, "overloaded");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_full_disk_gives_503_while_reads_go_on_and_appends_resume_by_themselves()
    {
        using var data = new TempDirectory();
        var disk = new FullDisk();
        await using var host = await RunningHost.StartAsync(data.Path, ShippedViews.Events(), ShippedViews.All(),
            builder => builder.Services.AddSingleton<IDisk>(disk));
        var receipt = await host.Client.OrdersAsync(Post.Order("o1", "c"));
        await host.Client.ReadAsync($"/views/customer-spend/c?receipt={receipt}");

        disk.IsFull = true;
        using var refused = await host.Client.EventsAsync(Post.Order("o2", "c"));
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "log-unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(1, (await host.Client.ReadAsync("/views/customer-spend/c")).GetProperty("version").GetInt64());

        disk.IsFull = false;
        var resumed = await host.Client.OrdersAsync(Post.Order("o2", "c"), Post.Order("o3", "c"));
        Assert.Equal(3, (await host.Client.ReadAsync($"/views/customer-spend/c?receipt={resumed}")).GetProperty("version").GetInt64());
    }

    private sealed class FullQueue : ILogWriter
    {
        public ValueTask<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken = default) => new(AppendResult.Overloaded);
    }
}
