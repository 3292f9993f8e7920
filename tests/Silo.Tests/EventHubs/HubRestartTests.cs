using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Tests.Log;

namespace Kappa.Tests.EventHubs;

/// <summary>Two processes on one hub.</summary>
public sealed class HubRestartTests
{
    [Fact]
    public async Task A_receipt_outlives_the_process_that_gave_it()
    {
        var hub = new TestHub(partitions: 2);
        var receipts = new List<Receipt>();
        await using (var log = await hub.LogAsync())
            for (var i = 0; i < 10; i++)
                receipts.Add((await log.AppendAsync(("a", $"{i}"), ("a", $"{i}'"), ("b", $"{i}''"))).Receipt);
        await using var other = await hub.LogAsync();
        var partition = receipts[0].Marks.First(mark => mark.Count >= 2).Partition;
        var all = await Task.WhenAll(receipts.Select(receipt => receipt.ResolveAsync(other).AsTask())).WaitAsync(OpenHub.Patience);
        Assert.Equal(all.OrderBy(cut => cut[partition]), all);
        Assert.Equal(30, all[^1].Count);
        // One that is yet to come is waited for.
        var late = new AppendMark(0, Guid.CreateVersion7(), 1);
        using var cancel = new CancellationTokenSource();
        var waiting = other.ResolveAsync(late, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(OpenHub.Patience));
    }

    [Fact]
    public async Task Receipts_of_more_appends_than_are_remembered_are_found_again_here_and_elsewhere()
    {
        var hub = new TestHub();
        var few = OpenHub.Quick with { MarksMax = 4 };
        await using var both = new Both(await hub.LogAsync(few), await hub.LogAsync(few));
        var receipts = new List<Receipt>();
        for (var i = 0; i < 20; i++)
        {
            receipts.Add((await both.Writer.AppendAsync(("a", $"{i}"))).Receipt);
            await both.Writer.CutAsync(new AppendResult(AppendStatus.Appended, 1, 0, receipts[^1]));
        }
        foreach (var log in new[] { both.Writer, both.Reader })
            foreach (var i in new[] { 0, 19, 7, 0, 3, 12, 18, 1 })
                Assert.Equal($"0:{i + 1}", (await receipts[i].ResolveAsync(log).AsTask().WaitAsync(OpenHub.Patience / 6)).ToString());
        var all = await Task.WhenAll(receipts.Select(receipt => receipt.ResolveAsync(both.Reader).AsTask())).WaitAsync(OpenHub.Patience / 6);
        Assert.Equal(Enumerable.Range(1, 20).Select(next => $"0:{next}"), all.Select(cut => cut.ToString()));
    }

    [Fact]
    public async Task Somebody_who_knows_more_than_we_were_told_is_answered()
    {
        var hub = new TestHub();
        await using var both = new Both(await hub.LogAsync(), await hub.LogAsync());
        var (reader, writer) = both;
        for (var i = 0; i < 5; i++)
            await writer.AppendAsync(("a", $"{i}"));
        Assert.Equal(0, reader.Next(0));
        using var page = await reader.ReadAsync(0, 4, 1);
        Assert.Equal("4", page.Events[0].IdText());
        Assert.Equal(5, reader.Next(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await reader.ReadAsync(0, 6, 1));
        Assert.Equal(reader.LogId, writer.LogId);
        Assert.InRange(reader.LogId, 1, long.MaxValue);
    }

    private sealed record Both(EventHubLog Reader, EventHubLog Writer) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Reader.DisposeAsync();
            await Writer.DisposeAsync();
        }
    }
}
