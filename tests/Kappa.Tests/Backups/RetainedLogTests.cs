using Kappa.Backups;
using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Log;

namespace Kappa.Tests.Backups;

/// <summary>Backups of a log whose older events are in the capture alone, and of one that is retired while it is copied.</summary>
public sealed class RetainedLogTests : IDisposable
{
    private static readonly LogOptions _options = new() { Partitions = 2, DuplicateWindow = 10, SegmentBytesMax = 64 << 10, Retention = TimeSpan.FromDays(1) };
    private readonly string _root = Directory.CreateTempSubdirectory("kappa-backup-").FullName;
    private readonly ManualTime _time = new();
    private int _next;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Data => Path.Combine(_root, "data");
    private string SourceLog => Path.Combine(Data, "log");
    private string Target => Path.Combine(_root, "backup");
    private string Restored => Path.Combine(_root, "restored");

    private FileLog Open() => FileLog.Open(SourceLog, _options, time: _time);

    private async Task AppendAsync(FileLog log, int count)
    {
        for (var end = _next + count; _next < end;)
        {
            using var batch = new EventBatch();
            for (var i = 0; i < 10; i++)
                batch.Add($"s{_next % 50}", $"{_next++}", new string('x', 300));
            await log.AppendAsync(batch);
        }
    }

    /// <summary>Captures everything, and retires what is older than the retention.</summary>
    private async Task RetireAsync(FileLog log)
    {
        _time.Now += TimeSpan.FromDays(2);
        await AppendAsync(log, 10);
        var store = new DirectoryCaptureStore(Path.Combine(Data, "capture"));
        var options = new CaptureOptions();
        var capture = new LogCapture(log, await CapturedLog.OpenAsync(store, log, options), store, options, _time);
        Assert.Empty((await capture.CaptureAllAsync()).Problems);
        Assert.Empty((await capture.RunAsync()).Problems);
    }

    private async Task<List<int>> RestoredIdsAsync()
    {
        Assert.Empty(Backup.Verify(Target, out _));
        Backup.Restore(Target, Restored);
        await using var log = FileLog.Open(Path.Combine(Restored, "log"), _options);
        var whole = await WholeLog.OpenAsync(log, Path.Combine(Restored, "capture"));
        // The capture goes on where it is: it reaches no further than the log.
        var (store, options) = (new DirectoryCaptureStore(Path.Combine(Restored, "capture")), new CaptureOptions());
        var before = (await whole.AllIdsAsync()).Count;
        await AppendAsync(log, 100);
        Assert.Empty((await new LogCapture(log, await CapturedLog.OpenAsync(store, log, options), store, options, _time).CaptureAllAsync()).Problems);
        whole = await WholeLog.OpenAsync(log, Path.Combine(Restored, "capture"));
        Assert.Equal(before + 100, (await whole.AllIdsAsync()).Count);
        _next -= 100;
        return [.. (await whole.AllIdsAsync()).Where(id => int.Parse(id) < _next).Select(int.Parse).Order()];
    }

    [Fact]
    public async Task What_is_in_the_capture_alone_is_in_the_backup_too()
    {
        await using (var log = Open())
        {
            await AppendAsync(log, 1_000);
            await RetireAsync(log);
            await AppendAsync(log, 50);
            Assert.All(Enumerable.Range(0, 2), p => Assert.True(log.First(p) > 0));
            Assert.Equal(_next, (await Backup.CreateAsync(Data, Target)).Cut.Count);
        }
        Assert.Equal(Enumerable.Range(0, _next), await RestoredIdsAsync());
    }

    [Theory]
    [InlineData("00/")]
    [InlineData("01/")]
    [InlineData("log.json")]
    [InlineData("last", 200)]
    public async Task Segments_that_are_retired_while_they_are_copied_are_found_in_the_capture(string when, int more = 0)
    {
        await using var log = Open();
        await AppendAsync(log, 1_000);
        var source = new WatchedDisk(path =>
        {
            // Once the last segment is open, all of the log is as good as copied, and only the capture is still to come.
            var place = when == "last" ? Directory.GetFiles(Path.Combine(SourceLog, "01")).Order(StringComparer.Ordinal).Last() : when;
            if (when.Length == 0 || !path.StartsWith(SourceLog, StringComparison.Ordinal) || !path.Contains(place, StringComparison.Ordinal))
                return;
            when = "";
            // So that what is captured goes on beyond what is copied.
            AppendAsync(log, more).GetAwaiter().GetResult();
            RetireAsync(log).GetAwaiter().GetResult();
            Assert.All(Enumerable.Range(0, 2), p => Assert.True(log.First(p) > 0));
        });
        await Backup.CreateAsync(Data, Target, new BackupOptions(), _time, PhysicalDisk.Instance, default, source);
        Assert.Equal("", when);
        Assert.Equal(Enumerable.Range(0, 1_000), (await RestoredIdsAsync()).Where(id => id < 1_000));
    }

    [Fact]
    public async Task Without_the_capture_no_backup_is_made_of_a_log_that_was_retired()
    {
        await using var log = Open();
        await AppendAsync(log, 1_000);
        await RetireAsync(log);
        var elsewhere = Path.Combine(_root, "elsewhere");
        Directory.Move(Path.Combine(Data, "capture"), elsewhere);
        Assert.Contains("Name the directory of the capture", (await Assert.ThrowsAsync<BackupException>(() => Backup.CreateAsync(Data, Target))).Message);
        Directory.Delete(Target, recursive: true);
        await Backup.CreateAsync(Data, Target, new BackupOptions { CaptureDirectory = elsewhere });
        Assert.Equal(Enumerable.Range(0, _next), await RestoredIdsAsync());
    }

    [Fact]
    public async Task A_damaged_capture_file_is_named_and_no_backup_made()
    {
        await using var log = Open();
        await AppendAsync(log, 1_000);
        await RetireAsync(log);
        var path = Directory.GetFiles(Path.Combine(Data, "capture"), "*.avro", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Contains(path, (await Assert.ThrowsAsync<BackupException>(() => Backup.CreateAsync(Data, Target))).Message);
        Assert.Throws<BackupException>(() => Backup.Verify(Target, out _));
    }
}
