using System.Globalization;
using Kappa.Contracts;
using Kappa.Engine;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class LongHistoryTests
{
    [Fact]
    public async Task A_page_ends_at_a_bound_of_bytes_and_the_next_goes_on_from_there()
    {
        await using var harness = new EngineHarness();
        for (var i = 0; i < 20; i++)
            await harness.AppendAsync(new Credited("a", 1, new string((char)('a' + i), 900_000)));
        await harness.CaughtUpAsync();
        var pages = await PagesAsync(harness.Engine, 1_000);
        Assert.True(pages.Count > 3, $"{pages.Count} pages");
        Assert.All(pages, page => Assert.InRange(page.Items.Count, 1, 6));
        Assert.Equal(Enumerable.Range(1, 20).Select(version => (long)version), pages.SelectMany(page => page.Items).Select(item => item.Version));
        foreach (var (before, after) in pages.Zip(pages.Skip(1)))
            Assert.True(before.Items[^1].After.Span.SequenceEqual(after.Items[0].Before.Span));
    }

    [Fact]
    public async Task Page_by_page_each_event_is_folded_once_and_what_is_appended_meanwhile_comes_too()
    {
        await using var harness = new EngineHarness();
        for (var i = 0; i < 100; i++)
            await harness.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => new Credited("a", 1))]);
        await harness.CaughtUpAsync();
        await harness.Engine.DisposeAsync();
        var counting = new CountingLog(harness.Log);
        await using var engine = ViewEngine.Open(counting, harness.Types, [new AccountView()], "/views", harness.Options, harness.Disk);
        var receipt = await harness.AppendAsync(new Credited("b", 1));
        await engine.ReadAsync("account", "b", receipt, EngineHarness.Patience);
        counting.Reads = 0;
        var pages = await PagesAsync(engine, 100, async page =>
        {
            if (page == 50)
                await engine.ReadAsync("account", "a", await harness.AppendAsync(new Credited("a", 1), new Credited("a", 1)), EngineHarness.Patience);
        });
        Assert.Equal(Enumerable.Range(1, 10_002).Select(version => (long)version), pages.SelectMany(page => page.Items).Select(item => item.Version));
        // Folding from a checkpoint for each page would read a dozen pages of the log each time.
        Assert.InRange(counting.Reads, 100, 350);
    }

    [Fact]
    public async Task Readers_of_one_history_at_once_do_not_disturb_each_other()
    {
        await using var harness = new EngineHarness();
        for (var i = 0; i < 20; i++)
            await harness.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => new Credited("a", 1))]);
        await harness.CaughtUpAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(reader => Task.Run(async () =>
        {
            var items = (await PagesAsync(harness.Engine, 50 + reader)).SelectMany(page => page.Items).ToList();
            Assert.Equal(2_000, items.Count);
            Assert.All(items, item => Assert.Contains($"\"balance\":{item.Version},", System.Text.Encoding.UTF8.GetString(item.After.Span), StringComparison.Ordinal));
        })));
    }

    private static async Task<List<Page<HistoryItem>>> PagesAsync(ViewEngine engine, int take, Func<int, Task>? between = null)
    {
        var pages = new List<Page<HistoryItem>>();
        for (var after = "0"; after is not null; after = pages[^1].Next)
        {
            pages.Add((await engine.HistoryAsync("account", "a", long.Parse(after, CultureInfo.InvariantCulture), take))!);
            if (between is not null)
                await between(pages.Count);
        }
        return pages;
    }

    /// <summary>Passes a log on and counts its reads.</summary>
    private sealed class CountingLog(MemoryLog log) : ILogReader
    {
        public int Reads;

        public long LogId => log.LogId;
        public int PartitionCount => log.PartitionCount;
        public long First(int partition) => log.First(partition);
        public long Next(int partition) => log.Next(partition);
        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => log.WaitAsync(partition, sequence, cancellationToken);

        public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref Reads);
            return log.ReadAsync(partition, from, bytesMax, cancellationToken);
        }
    }
}
