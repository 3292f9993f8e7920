using Kappa.Events;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Tests.Log;
using Reason = Azure.Messaging.EventHubs.EventHubsException.FailureReason;

namespace Kappa.Tests.EventHubs;

/// <summary>What becomes of appends when sends fail or hang.</summary>
public sealed class HubSenderTests
{
    [Fact]
    public async Task A_send_that_fails_is_made_again_before_any_other()
    {
        var hub = new TestHub();
        var sent = 0;
        hub.BeforeSend = (_, number) => sent++ % 3 < 2 ? throw TestHub.Failure() : Task.CompletedTask;
        await using var log = await hub.LogAsync();
        var appends = Enumerable.Range(0, 50).Select(i => log.AppendAsync(("a", $"{i}"))).ToArray();
        var cut = await log.CutAsync((await Task.WhenAll(appends).WaitAsync(OpenHub.Patience))[^1]);
        Assert.Equal("0:50", cut.ToString());
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), await log.IdsAsync(0));
    }

    [Fact]
    public async Task A_send_that_was_stored_and_failed_leaves_repeats_that_readers_drop()
    {
        var hub = new TestHub(partitions: 4);
        var random = new Random(7);
        hub.AfterSend = (_, _) =>
        {
            if (random.Next(3) == 0)
                throw TestHub.Failure(Reason.ServiceTimeout);
        };
        await using var log = await hub.LogAsync();
        var expected = Enumerable.Range(0, 4).Select(_ => new List<string>()).ToArray();
        for (var i = 0; i < 60; i++)
        {
            using var batch = new EventBatch();
            for (var e = 0; e < 5; e++)
                batch.Add($"key/{(i + e) % 9}", $"{i}-{e}");
            for (var e = 0; e < 5; e++)
                expected[Kappa.Log.StableHash.Bucket(batch.PartitionHash(e), 4)].Add($"{i}-{e}");
            var result = await log.AppendAsync(batch);
            Assert.Equal((AppendStatus.Appended, 5, 0), (result.Status, result.Appended, result.Duplicates));
            var cut = await log.CutAsync(result);
            foreach (var mark in result.Receipt.Marks)
                Assert.True(log.Next(mark.Partition) >= cut[mark.Partition] && cut[mark.Partition] > 0);
        }
        await log.RefreshAsync();
        Assert.True(Enumerable.Range(0, 4).Sum(log.Next) > 300, "the seed gives repeats");
        for (var p = 0; p < 4; p++)
            Assert.Equal(expected[p], await log.DistinctIdsAsync(p));
    }

    [Fact]
    public async Task Too_much_that_waits_is_told_to_come_back_and_later_it_goes_again()
    {
        var hub = new TestHub(partitions: 2);
        var go = new TaskCompletionSource();
        hub.BeforeSend = (_, _) => go.Task;
        await using var log = await hub.LogAsync(OpenHub.Quick with { Limits = new LogOptions { QueueBytesMax = 8 << 20 } });
        using var batch = new EventBatch();
        for (var i = 0; i < 7; i++)
            batch.Add("a", $"{i}", new string('x', 1_000_000));
        var waiting = new List<Task<AppendResult>>();
        // The one under way has given back its room; two more are one too many.
        for (var i = 0; i < 8; i++)
            waiting.Add(log.AppendAsync(batch).AsTask());
        var refused = await (await Task.WhenAny(waiting).WaitAsync(OpenHub.Patience));
        Assert.Equal(AppendResult.Overloaded, refused);
        go.SetResult();
        var results = await Task.WhenAll(waiting).WaitAsync(OpenHub.Patience);
        Assert.Contains(results, result => result.Status == AppendStatus.Appended);
        Assert.Equal(7 * results.Count(result => result.Status == AppendStatus.Appended), hub[0].Events.Count + hub[1].Events.Count);
        Assert.Equal(AppendStatus.Appended, (await log.AppendAsync(batch)).Status);
    }

    [Fact]
    public async Task A_send_that_fails_for_good_fails_its_appends_alone_and_the_rest_of_them_is_not_sent()
    {
        var hub = new TestHub { BatchBytesMax = 100_000 };
        hub.BeforeSend = (_, number) => number == 1 ? throw TestHub.Failure(Reason.ResourceNotFound) : Task.CompletedTask;
        await using var log = await hub.LogAsync();
        using (var batch = new EventBatch())
        {
            for (var i = 0; i < 40; i++)
                batch.Add("a", $"{i}", new string('x', 10_000));
            var error = await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync(batch));
            Assert.Contains("Kappa:Azure:EventHubs:Hub", error.Message, StringComparison.Ordinal);
            Assert.Equal(2, hub.Sends);
            // What follows is stored, and the same events again give what was asked for, in order.
            Assert.Equal(AppendStatus.Appended, (await log.AppendAsync(batch)).Status);
        }
        await log.RefreshAsync();
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), await log.DistinctIdsAsync(0));
    }

    [Fact]
    public async Task Closing_sends_what_is_queued()
    {
        var hub = new TestHub();
        var log = await hub.LogAsync();
        var appends = Enumerable.Range(0, 20).Select(i => log.AppendAsync(("a", $"{i}"))).ToArray();
        await log.DisposeAsync();
        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendStatus.Appended, result.Status));
        Assert.Equal(20, hub[0].Events.Count);
    }
}
