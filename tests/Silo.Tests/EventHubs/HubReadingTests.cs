using Azure.Messaging.EventHubs;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Tests.Log;
using Reason = Azure.Messaging.EventHubs.EventHubsException.FailureReason;

namespace Kappa.Tests.EventHubs;

/// <summary>What readers of a hub see through failures, restarts and retention.</summary>
public sealed class HubReadingTests
{
    [Fact]
    public async Task Receives_that_fail_are_made_again_and_nobody_notices()
    {
        var hub = new TestHub(partitions: 2);
        var (random, gate) = (new Random(3), new Lock());
        hub.BeforeReceive = _ =>
        {
            lock (gate)
                if (random.Next(3) == 0)
                    throw TestHub.Failure(random.Next(2) == 0 ? Reason.ConsumerDisconnected : Reason.ServiceCommunicationProblem);
        };
        await using var log = await hub.LogAsync(OpenHub.Quick with { WindowBytesMax = 1000, ReceiveEventsMax = 7 });
        var readers = Enumerable.Range(0, 2).Select(partition => Task.Run(() => FollowAsync(log, partition, 150))).ToArray();
        var expected = new[] { new List<string>(), new List<string>() };
        for (var i = 0; expected.Min(list => list.Count) < 150; i++)
        {
            using var batch = TestEvents.Batch(($"{i}", $"{i}"));
            expected[Kappa.Log.StableHash.Bucket(batch.PartitionHash(0), 2)].Add($"{i}");
            await log.AppendAsync(batch);
        }
        for (var partition = 0; partition < 2; partition++)
        {
            Assert.Equal(expected[partition][..150], (await readers[partition].WaitAsync(OpenHub.Patience))[..150]);
            Assert.Equal(expected[partition][..150], (await log.IdsAsync(partition, 500))[..150]);
        }
    }

    [Fact]
    public async Task Many_readers_need_no_more_than_three_connections_of_a_partition()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync(OpenHub.Quick with { WindowBytesMax = 2000, ReceiveEventsMax = 20 });
        var readers = Enumerable.Range(0, 12).Select(_ => Task.Run(() => FollowAsync(log, 0, 300))).ToArray();
        for (var i = 0; i < 100; i++)
            await log.AppendAsync(("a", $"{3 * i}"), ("b", $"{3 * i + 1}"), ("c", $"{3 * i + 2}"));
        foreach (var reader in readers)
            Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), await reader.WaitAsync(OpenHub.Patience));
        Assert.InRange(hub[0].ReadersSeen, 1, 3);
    }

    [Fact]
    public async Task What_retention_removed_is_out_of_range_even_if_it_goes_while_it_is_read()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync(OpenHub.Quick with { WindowBytesMax = 1 });
        for (var i = 0; i < 10; i++)
            await log.AppendAsync(("a", $"{i}"));
        await log.RefreshAsync();
        (await log.ReadAsync(0, 0, 1)).Dispose();
        hub[0].Trim(6);
        Assert.Equal(0, log.First(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await log.ReadAsync(0, 3, 1));
        Assert.Equal((6, 10), (log.First(0), log.Next(0)));
        Assert.Equal(["6", "7", "8", "9"], await log.IdsAsync(0));
        hub[0].Trim(10);
        await log.RefreshAsync();
        Assert.Equal((10, 10), (log.First(0), log.Next(0)));
        using var page = await log.ReadAsync(0, 10, 1);
        Assert.Equal(0, page.Count);
    }

    [Fact]
    public async Task A_hub_that_cannot_be_followed_is_a_problem_until_it_can()
    {
        var hub = new TestHub();
        var failed = new TaskCompletionSource();
        hub.BeforeReceive = _ =>
        {
            failed.TrySetResult();
            throw new UnauthorizedAccessException("No right to listen.");
        };
        await using var log = await hub.LogAsync();
        var wait = log.WaitAsync(0, 0).AsTask();
        await failed.Task.WaitAsync(OpenHub.Patience);
        await Assert.ThrowsAsync<LogUnavailableException>(async () =>
        {
            hub[0].Store([new EventData("x")]);
            await log.RefreshAsync();
            await log.ReadAsync(0, 0, 1);
        });
        Assert.Contains("Azure Event Hubs Data Receiver", Assert.Single(log.Problems), StringComparison.Ordinal);
        hub.BeforeReceive = null;
        await log.AppendAsync(("a", "2"));
        await log.WaitAsync(0, 1).AsTask().WaitAsync(OpenHub.Patience);
        Assert.Equal(2, (await log.IdsAsync(0)).Count);
        await wait.WaitAsync(OpenHub.Patience);
        Assert.Empty(log.Problems);
    }

    private static async Task<List<string>> FollowAsync(EventHubLog log, int partition, int events)
    {
        var ids = new List<string>();
        while (ids.Count < events)
        {
            await log.WaitAsync(partition, ids.Count).AsTask().WaitAsync(OpenHub.Patience);
            using var page = await log.ReadAsync(partition, ids.Count, 4000);
            foreach (var recorded in page.Events)
                ids.Add(recorded.IdText());
        }
        return ids;
    }
}
