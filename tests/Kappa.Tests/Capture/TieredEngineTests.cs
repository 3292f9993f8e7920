using Kappa.Capture;
using Kappa.Contracts;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Engine;
using Kappa.Tests.Log;
using Kappa.Views;

namespace Kappa.Tests.Capture;

/// <summary>The engine on a log whose older part is in the capture only.</summary>
public sealed class TieredEngineTests
{
    private static readonly LogOptions _options = new() { Partitions = 2, DuplicateWindow = 10, SegmentBytesMax = 64 << 10, Retention = TimeSpan.FromDays(1) };

    [Fact]
    public async Task Folded_audited_and_explained_it_is_the_same_as_on_the_whole_log()
    {
        var (disk, time, types) = (new SimulatedDisk(), new ManualTime(), AccountView.Types());
        await using var log = FileLog.Open("/data", _options, disk, time);
        var receipt = await FillAsync(log, types);
        var (plain, plainHistory) = await FoldAsync(log, types, "/plain", disk, receipt);

        var store = new DirectoryCaptureStore("/capture", disk);
        var settings = new CaptureOptions { BytesMax = 50 << 10 };
        var captured = await CapturedLog.OpenAsync(store, log, settings);
        time.Now += TimeSpan.FromDays(2);
        var report = await new LogCapture(log, captured, store, settings, time).RunAsync();
        Assert.Empty(report.Problems);
        Assert.True(log.First(0) > 0 && log.First(1) > 0 && report.Retired > 1000, "most of the log must be gone");
        var (tiered, tieredHistory) = await FoldAsync(new TieredLog(log, captured), types, "/tiered", disk, receipt);
        Assert.Equal(plain, tiered);
        Assert.Equal(plainHistory, tieredHistory);
    }

    [Fact]
    public async Task A_view_that_knows_the_retired_part_already_goes_on_and_is_audited_against_the_capture()
    {
        var (disk, time, types) = (new SimulatedDisk(), new ManualTime(), AccountView.Types());
        await using var log = FileLog.Open("/data", _options, disk, time);
        var receipt = await FillAsync(log, types);
        var (before, history) = await FoldAsync(log, types, "/views", disk, receipt);
        var store = new DirectoryCaptureStore("/capture", disk);
        var settings = new CaptureOptions();
        var captured = await CapturedLog.OpenAsync(store, log, settings);
        time.Now += TimeSpan.FromDays(2);
        Assert.Empty((await new LogCapture(log, captured, store, settings, time).RunAsync()).Problems);
        Assert.Equal((before, history), await FoldAsync(new TieredLog(log, captured), types, "/views", disk, receipt));
    }

    [Fact]
    public async Task Damage_in_the_capture_stops_the_view_that_needs_it_and_names_file_and_byte()
    {
        var (disk, time, types) = (new SimulatedDisk(), new ManualTime(), AccountView.Types());
        await using var log = FileLog.Open("/data", _options, disk, time);
        var receipt = await FillAsync(log, types);
        var store = new DirectoryCaptureStore("/capture", disk);
        var settings = new CaptureOptions();
        var captured = await CapturedLog.OpenAsync(store, log, settings);
        time.Now += TimeSpan.FromDays(2);
        Assert.Empty((await new LogCapture(log, captured, store, settings, time).RunAsync()).Problems);
        var file = disk.AllFiles.First(path => path.EndsWith(".avro", StringComparison.Ordinal));
        disk.Flip(file, 5_000, 1);
        await using var engine = ViewEngine.Open(new TieredLog(log, captured), types, [new AccountView()], "/views", disk: disk);
        var problem = await ProblemAsync(engine, receipt);
        Assert.Contains(file, problem, StringComparison.Ordinal);
        Assert.Contains("at byte", problem, StringComparison.Ordinal);
    }

    /// <summary>Waits, a little at a time, until the view says that it has stopped.</summary>
    private static async Task<string> ProblemAsync(ViewEngine engine, Receipt receipt)
    {
        for (var i = 0; i < 300; i++)
        {
            if ((await engine.ListAsync()).Single() is { Status: ViewStatus.Failed, Problem: { } problem })
                return problem;
            await engine.ReadAsync("account", "a0", receipt, TimeSpan.FromMilliseconds(100));
        }
        throw new TimeoutException("The view did not stop.");
    }

    private static async Task<Receipt> FillAsync(FileLog log, EventTypes types)
    {
        Receipt receipt = Receipt.Empty;
        for (var i = 0; i < 3_000; i += 10)
        {
            using var batch = new EventBatch();
            for (var k = i; k < i + 10; k++)
                batch.Add(CloudEvent.Of(types, k % 17 == 0 ? new Transferred($"a{k % 40}", $"a{k % 7}", k) : new Credited($"a{k % 40}", k, $"note {k}"), $"e{k}", "/tests", $"account/{k % 40}"));
            receipt = new Receipt(Cut.Max(receipt.Cut, (await log.AppendAsync(batch)).Receipt.Cut));
        }
        return receipt;
    }

    private static async Task<(string States, string History)> FoldAsync(ILogReader log, EventTypes types, string directory, SimulatedDisk disk, Receipt receipt)
    {
        await using var engine = ViewEngine.Open(log, types, [new AccountView()], directory, disk: disk);
        await CaughtUpAsync(engine, receipt);
        var audit = await engine.AuditAsync("account");
        Assert.True(audit.Complete, string.Join("; ", audit.Problems));
        var history = await engine.HistoryAsync("account", "a30", 0, 1000);
        return (await EngineHarness.DumpAsync(engine),
            string.Join('\n', history!.Items.Select(item => $"{item.Version} {item.Position} {System.Text.Encoding.UTF8.GetString(item.After.Span)}")));
    }

    private static async Task CaughtUpAsync(ViewEngine engine, Receipt receipt)
    {
        for (var i = 0; i < 40; i++)
            Assert.NotEqual(ReadStatus.NotYet, (await engine.ReadAsync("account", $"a{i}", receipt, EngineHarness.Patience)).Status);
    }
}
