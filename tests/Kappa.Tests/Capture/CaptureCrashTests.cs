using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>A scripted run of appends, capture and retention that crashes at every operation in turn: every event is there, once.</summary>
public sealed class CaptureCrashTests
{
    private const int Rounds = 6;

    private static readonly LogOptions _logOptions = new()
    {
        Partitions = 2,
        DuplicateWindow = 4,
        SegmentBytesMax = 64 << 10,
        Retention = TimeSpan.FromHours(1),
    };

    private static readonly CaptureOptions _options = new() { BytesMax = 60 << 10, Every = TimeSpan.FromMinutes(1) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task After_a_power_loss_at_any_operation_every_event_is_read_once(int seed) =>
        AtEveryOperationAsync(seed, (disk, fate) => disk.PowerLoss(fate));

    [Fact]
    public Task After_a_kill_at_any_operation_every_event_is_read_once() => AtEveryOperationAsync(3, (disk, _) => disk.Kill());

    private static async Task AtEveryOperationAsync(int seed, Func<SimulatedDisk, int, SimulatedDisk> crash)
    {
        var untroubled = new SimulatedDisk();
        var all = await RunAsync(untroubled, new Dictionary<string, int>(), new ManualTime());
        Assert.True(all.Retired > 0 && all.Files > 4, "the script must retire segments and write files");
        for (var operations = 0L; operations < untroubled.Operations; operations++)
        {
            var (disk, time, acknowledged) = (new SimulatedDisk(), new ManualTime(), new Dictionary<string, int>());
            disk.CrashAfter(operations, seed);
            await RunAsync(disk, acknowledged, time);
            Assert.True(disk.Crashed);
            disk = crash(disk, seed * 1000 + (int)operations);
            // Twice: what the first start mended must be as good for the second.
            await CheckAsync(disk, acknowledged, time, $"seed {seed}, operation {operations}");
            await CheckAsync(disk, acknowledged, time, $"seed {seed}, operation {operations}, again");
        }
    }

    private static async Task<(long Retired, int Files)> RunAsync(SimulatedDisk disk, Dictionary<string, int> acknowledged, ManualTime time)
    {
        FileLog? log = null;
        var (retired, files) = (0L, 0);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                if (round % 3 == 0 && log is not null)
                    await log.DisposeAsync();
                if (round % 3 == 0)
                    log = FileLog.Open("/data/log", _logOptions, disk, time);
                var capture = await CaptureAsync(disk, log!, time);
                using var batch = new EventBatch();
                for (var i = 0; i < 16; i++)
                    batch.Add($"{i % 5}", $"{round}-{i}", new string('x', 500 * i));
                Assert.Equal(16, (await log!.AppendAsync(batch)).Appended);
                for (var i = 0; i < 16; i++)
                    acknowledged.Add($"{round}-{i}", 500 * i);
                time.Now += TimeSpan.FromMinutes(40);
                var report = await capture.Capture.RunAsync();
                Assert.True(report.Problems.Count == 0 || disk.Crashed, string.Join("; ", report.Problems));
                (retired, files) = (retired + report.Retired, files + report.Files.Count);
            }
        }
        catch (Exception e) when (e is SimulatedCrashException or LogUnavailableException or AggregateException)
        {
            Assert.True(disk.Crashed, e.ToString());
        }
        finally
        {
            if (log is not null)
                await log.DisposeAsync();
        }
        return (retired, files);
    }

    private static async Task CheckAsync(SimulatedDisk disk, Dictionary<string, int> acknowledged, ManualTime time, string when)
    {
        await using var log = FileLog.Open("/data/log", _logOptions, disk, time);
        var (capture, tiered) = await CaptureAsync(disk, log, time);
        await OnceAsync();
        time.Now += TimeSpan.FromHours(3);
        var report = await capture.RunAsync();
        Assert.True(report.Problems.Count == 0, $"{when}: {string.Join("; ", report.Problems)}");
        await OnceAsync();

        async Task OnceAsync()
        {
            var found = new Dictionary<string, int>();
            for (var p = 0; p < 2; p++)
            {
                Assert.True(log.Problem(p) is null, $"{when}: {log.Problem(p)}");
                Assert.Equal(0, tiered.First(p));
                foreach (var (id, size) in await tiered.ReadAllAsync(p, recorded => (recorded.IdText(), recorded.Data.Length), bytesMax: 20_000))
                    Assert.True(found.TryAdd(id, size), $"{when}: {id} is there twice");
            }
            foreach (var (id, size) in acknowledged)
                Assert.True(found.TryGetValue(id, out var stored) && stored == size, $"{when}: {id} is lost");
        }
    }

    private static async Task<(LogCapture Capture, TieredLog Tiered)> CaptureAsync(SimulatedDisk disk, FileLog log, ManualTime time)
    {
        var store = new DirectoryCaptureStore("/data/capture", disk);
        var captured = await CapturedLog.OpenAsync(store, log, _options);
        return (new LogCapture(log, captured, store, _options, time), new TieredLog(log, captured));
    }
}
