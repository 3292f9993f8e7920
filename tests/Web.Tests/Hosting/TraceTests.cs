using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Kappa.Events;
using Kappa.Web.Http;

namespace Kappa.Tests.Hosting;

public sealed class TraceTests
{
    [Fact]
    public async Task Append_fold_and_push_are_one_trace_from_the_callers_on()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        var spans = new ConcurrentQueue<(string Name, string Trace)>();
        var pushed = new TaskCompletionSource();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kappa",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                spans.Enqueue((span.OperationName, span.TraceId.ToString()));
                if (span.OperationName == "push" && span.TraceId.ToString() == trace)
                    pushed.TrySetResult();
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        await using var watch = await Watch.StartAsync(host.Client, "/views/customer-spend/c");
        Assert.NotNull(await watch.NextAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new StringContent(Post.Order("o1", "c"), null, "application/cloudevents+json") };
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        using var answer = await host.Client.SendAsync(request);
        Assert.NotNull(await watch.NextAsync());
        await pushed.Task.WaitAsync(Post.Patience);
        Assert.Superset(new HashSet<string> { "append", "fold", "push" }, spans.Where(span => span.Trace == trace).Select(span => span.Name).ToHashSet());
    }

    [Fact]
    public async Task A_traced_request_within_the_limits_is_taken_although_its_traceparents_would_not_fit()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kappa",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path, "--Kappa:Log:EventBytesMax=4096", "--Kappa:Log:RequestBytesMax=65536");
        var events = Enumerable.Range(0, 400).Select(i => $$"""{"specversion":"1.0","id":"{{i}}","source":"/s","type":"t","data":"{{new string('x', 90)}}"}""");
        using var answer = await host.Client.EventsAsync($"[{string.Join(",", events)}]", "application/cloudevents-batch+json");
        Assert.Equal(400, (await answer.JsonAsync(HttpStatusCode.OK)).GetProperty("appended").GetInt32());
    }

    [Fact]
    public void An_event_with_as_many_extensions_as_it_may_have_gets_no_traceparent()
    {
        using var batch = new EventBatch();
        batch.Add(new CloudEvent { Id = "1", Source = "/s", Type = "t", Extensions = [.. Enumerable.Range(0, 64).Select(i => new EventExtension($"x{i}", "1"))] });
        var size = batch.Bytes;
        using var stamped = TraceStamp.Put(batch, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", new WebLimits());
        Assert.Equal(size, stamped.Bytes);
    }

    [Fact]
    public async Task Events_keep_a_traceparent_of_their_own_and_get_none_where_nobody_traces()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path, "--Kappa:Log:Partitions=1");
        await host.Client.OrdersAsync(Post.Order("plain", "c"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events")
        {
            Content = new StringContent(Post.Order("own", "c").Replace("\"subject\"", "\"traceparent\":\"00-11111111111111111111111111111111-2222222222222222-01\",\"subject\"", StringComparison.Ordinal), null, "application/cloudevents+json"),
        };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var answer = await host.Client.SendAsync(request);
        var items = (await host.Client.ReadAsync("/log/0")).GetProperty("items");
        Assert.False(items[0].TryGetProperty("traceparent", out _));
        Assert.Equal("00-11111111111111111111111111111111-2222222222222222-01", items[1].GetProperty("traceparent").GetString());
    }
}
