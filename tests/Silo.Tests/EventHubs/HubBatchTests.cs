using Kappa.Events;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Tests.Log;

namespace Kappa.Tests.EventHubs;

/// <summary>How appends are put into batches.</summary>
public sealed class HubBatchTests
{
    [Fact]
    public async Task Appends_that_queue_up_share_a_batch_and_each_has_its_own_receipt()
    {
        var hub = new TestHub();
        var (held, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        hub.BeforeSend = async (_, number) =>
        {
            if (number == 0)
            {
                held.SetResult();
                await go.Task;
            }
        };
        await using var log = await hub.LogAsync();
        var first = log.AppendAsync(("a", "first"));
        await held.Task.WaitAsync(OpenHub.Patience);
        var others = Enumerable.Range(0, 40).Select(i => log.AppendAsync(("a", $"{i}"), ("a", $"{i}'"))).ToArray();
        go.SetResult();
        Assert.Equal("0:1", (await log.CutAsync(await first)).ToString());
        for (var i = 0; i < others.Length; i++)
            Assert.Equal($"0:{3 + 2 * i}", (await log.CutAsync(await others[i])).ToString());
        Assert.Equal(2, hub.Sends);
    }

    [Fact]
    public async Task An_append_that_fits_a_batch_goes_in_one_and_a_larger_one_in_several_in_order()
    {
        var hub = new TestHub { BatchBytesMax = 300_000 };
        var (held, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        hub.BeforeSend = async (_, number) =>
        {
            if (number == 0)
            {
                held.SetResult();
                await go.Task;
            }
        };
        var sizes = new List<int>();
        hub.AfterSend = (_, _) => sizes.Add(hub[0].Events.Count - sizes.Sum());
        await using var log = await hub.LogAsync();
        var appends = new List<Task<AppendResult>> { log.AppendAsync(("a", "first")) };
        await held.Task.WaitAsync(OpenHub.Patience);
        // The second one of 10 fits what is left of no batch; the last needs three.
        foreach (var count in new[] { 10, 10, 30 })
            appends.Add(AppendAsync(log, appends.Count, count));
        go.SetResult();
        await Task.WhenAll(appends).WaitAsync(OpenHub.Patience);
        Assert.Equal([1, 10, 10], sizes[..3]);
        Assert.Equal(30, sizes[3..].Sum());
        Assert.True(sizes.Count >= 6);
        Assert.Equal("0:51", (await log.CutAsync(await appends[^1])).ToString());
        Assert.Equal(["first", .. Ids(1, 10), .. Ids(2, 10), .. Ids(3, 30)], await log.IdsAsync(0));

        static IEnumerable<string> Ids(int append, int count) => Enumerable.Range(0, count).Select(i => $"{append}:{i}");

        static async Task<AppendResult> AppendAsync(EventHubLog log, int append, int count)
        {
            using var batch = new EventBatch();
            foreach (var id in Ids(append, count))
                batch.Add("a", id, new string('x', 20_000));
            return await log.AppendAsync(batch);
        }
    }

    [Fact]
    public async Task An_event_that_no_batch_holds_is_refused_by_name_and_nothing_is_sent()
    {
        var hub = new TestHub { BatchBytesMax = 300_000 };
        await using var log = await hub.LogAsync();
        using var batch = new EventBatch();
        batch.Add("a", "small");
        batch.Add("a", "large", new string('x', 299_900));
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await log.AppendAsync(batch));
        Assert.Contains("Event 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("300000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(hub[0].Events);
    }
}
