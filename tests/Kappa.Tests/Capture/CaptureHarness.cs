using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>A log with its capture on one simulated disk, restartable.</summary>
internal sealed class CaptureHarness : IAsyncDisposable
{
    private int _ids;

    private CaptureHarness(SimulatedDisk disk, LogOptions log, CaptureOptions options, ManualTime time) =>
        (Disk, LogOptions, Options, Time) = (disk, log, options, time);

    public SimulatedDisk Disk { get; set; }
    public LogOptions LogOptions { get; }
    public CaptureOptions Options { get; }
    public ManualTime Time { get; }
    public FileLog Log { get; private set; } = null!;
    public CapturedLog Captured { get; private set; } = null!;
    public LogCapture Capture { get; private set; } = null!;
    public TieredLog Tiered { get; private set; } = null!;

    public static LogOptions SmallLog(int partitions = 1, int window = 10) =>
        new() { Partitions = partitions, DuplicateWindow = window, SegmentBytesMax = 64 << 10, Retention = TimeSpan.FromDays(1) };

    public static async Task<CaptureHarness> OpenAsync(LogOptions? log = null, CaptureOptions? options = null, SimulatedDisk? disk = null)
    {
        var harness = new CaptureHarness(disk ?? new SimulatedDisk(), log ?? SmallLog(), options ?? new CaptureOptions { BytesMax = 100 << 10 }, new ManualTime());
        await harness.OpenAsync();
        return harness;
    }

    public async Task OpenAsync()
    {
        Log = FileLog.Open("/data", LogOptions, Disk, Time);
        var store = new DirectoryCaptureStore("/capture", Disk);
        Captured = await CapturedLog.OpenAsync(store, Log, Options);
        Capture = new LogCapture(Log, Captured, store, Options, Time);
        Tiered = new TieredLog(Log, Captured);
    }

    public async Task RestartAsync()
    {
        await Log.DisposeAsync();
        await OpenAsync();
    }

    /// <summary>Appends few at once, as a segment ends between two appends only.</summary>
    public async Task AppendAsync(int events, int bytes = 100, string subject = "a")
    {
        for (var left = events; left > 0; left -= 4)
        {
            using var batch = new EventBatch();
            for (var i = 0; i < Math.Min(4, left); i++)
                batch.Add(subject, $"e{_ids++}", new string('x', bytes));
            Assert.Equal(AppendStatus.Appended, (await Log.AppendAsync(batch)).Status);
        }
    }

    /// <summary>A round that must work.</summary>
    public async Task<CaptureReport> RunAsync()
    {
        var report = await Capture.RunAsync();
        Assert.Empty(report.Problems);
        return report;
    }

    /// <summary>The capture files, without their indexes.</summary>
    public IReadOnlyList<string> Files => [.. Disk.AllFiles.Where(path => path.StartsWith("/capture/", StringComparison.Ordinal) && path.EndsWith(".avro", StringComparison.Ordinal))];

    public IReadOnlyList<string> Segments(int partition = 0) => Disk.Files($"/data/{partition:00}");

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
