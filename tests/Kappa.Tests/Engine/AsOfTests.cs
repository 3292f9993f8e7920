using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class AsOfTests
{
    [Fact]
    public async Task What_needs_retired_events_says_so_and_what_a_checkpoint_covers_is_answered()
    {
        await using var harness = new EngineHarness(new ManualTime());
        for (var i = 0; i < 100; i++)
            await harness.AppendAsync([.. Enumerable.Range(0, 50).Select(_ => new Credited("a", 1))]);
        await harness.CaughtUpAsync();
        await harness.Engine.DisposeAsync();
        var partition = Enumerable.Range(0, 4).Single(p => harness.Log.Next(p) > 0);
        var retired = new RetiredLog(harness.Log, 4_096);
        await using var engine = Kappa.Engine.ViewEngine.Open(retired, harness.Types, [new AccountView()], "/views", harness.Options, harness.Disk);
        Assert.Equal(4_500, (await engine.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(partition, 4_500)))).Envelope!.Version);
        var refused = await Assert.ThrowsAsync<LogRetiredException>(async () => await engine.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(partition, 4_000))));
        Assert.Contains($"{partition}:4096", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LogRetiredException>(async () => await engine.HistoryAsync("account", "a", 0, 10));
        Assert.Equal(4_097, (await engine.HistoryAsync("account", "a", 4_096, 1))!.Items.Single().Version);
        await Assert.ThrowsAsync<LogRetiredException>(async () => await engine.ReadAtAsync("account", "a", AsOf.At(ManualTime.Start.AddTicks(-1))));
    }

    /// <summary>Passes a log on without its first events.</summary>
    private sealed class RetiredLog(MemoryLog log, long first) : ILogReader
    {
        public long LogId => log.LogId;
        public int PartitionCount => log.PartitionCount;
        public long First(int partition) => Math.Min(first, log.Next(partition));
        public long Next(int partition) => log.Next(partition);
        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => log.WaitAsync(partition, sequence, cancellationToken);

        public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(from, First(partition));
            return log.ReadAsync(partition, from, bytesMax, cancellationToken);
        }
    }
}
