using Kappa.Backups;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Log;

namespace Kappa.Tests.Backups;

public sealed class BackupTests : IDisposable
{
    private static readonly LogOptions _options = new() { Partitions = 2, SegmentBytesMax = 64 << 10 };
    private readonly string _root = Directory.CreateTempSubdirectory("kappa-backup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Data => Path.Combine(_root, "data");
    private string SourceLog => Path.Combine(Data, "log");
    private string Target => Path.Combine(_root, "backup");
    private string Restored => Path.Combine(_root, "restored");

    private FileLog Open() => FileLog.Open(SourceLog, _options);

    private async Task MakeAsync(int count)
    {
        await using var log = Open();
        for (var at = 0; at < count; at += 100)
            await AppendAsync(log, at, Math.Min(100, count - at));
    }

    private static async Task AppendAsync(FileLog log, int from, int count)
    {
        using var batch = new EventBatch();
        for (var i = from; i < from + count; i++)
            batch.Add($"s{i % 7}", $"{i}", new string('x', 300));
        await log.AppendAsync(batch);
    }

    private async Task<List<int>> RestoredIdsAsync()
    {
        Backup.Restore(Target, Restored);
        await using var log = FileLog.Open(Path.Combine(Restored, "log"), _options);
        Assert.Empty(log.Recovered);
        return [.. (await log.AllIdsAsync()).Select(int.Parse).Order()];
    }

    [Fact]
    public async Task What_was_acknowledged_before_is_in_a_backup_of_a_log_that_goes_on_appending()
    {
        await using var log = Open();
        var appended = 0;
        using var stop = new CancellationTokenSource();
        var appending = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested && appended < 100_000; Interlocked.Add(ref appended, 50))
                await AppendAsync(log, appended, 50);
        });
        for (var round = 0; round < 5; round++)
        {
            var before = Volatile.Read(ref appended);
            var manifest = await Backup.CreateAsync(Data, Target);
            Assert.Empty(Backup.Verify(Target, out var verified));
            Assert.Equal((manifest.Cut, log.LogId), (verified.Cut, verified.LogId));
            var ids = await RestoredIdsAsync();
            Assert.Equal(manifest.Cut.Count, ids.Count);
            Assert.Equal(ids.Count, ids.Distinct().Count());
            Assert.Equal(Enumerable.Range(0, before), ids.Where(id => id < before));
            Directory.Delete(Target, recursive: true);
            Directory.Delete(Restored, recursive: true);
        }
        await stop.CancelAsync();
        await appending;
    }

    [Fact]
    public async Task An_unfinished_write_is_left_out_and_stays_where_it_is()
    {
        await MakeAsync(100);
        // As after a crash: the mark of a clean end is gone, half a frame is there.
        File.Delete(Path.Combine(SourceLog, "closed.json"));
        var path = Path.Combine(SourceLog, "00", Segment.NameOf(0));
        var whole = new FileInfo(path).Length;
        await File.AppendAllBytesAsync(path, [.. FrameHeader.Magic, 1, 2, 3]);
        var manifest = await Backup.CreateAsync(Data, Target);
        Assert.Equal(whole, manifest.Files.Single(file => file.Path == $"data/log/00/{Segment.NameOf(0)}").Bytes);
        Assert.Equal(whole + 7, new FileInfo(path).Length);
        Assert.Equal(Enumerable.Range(0, 100), await RestoredIdsAsync());
    }

    [Fact]
    public async Task A_host_that_stops_while_it_is_copied_leaves_a_backup_that_opens()
    {
        var log = Open();
        await AppendAsync(log, 0, 50);
        // The last segment is opened, so that no more of it is seen; then the log ends in good order, further on.
        var source = new WatchedDisk(path =>
        {
            if (path != Path.Combine(SourceLog, "01", Segment.NameOf(0)))
                return;
            AppendAsync(log, 50, 50).GetAwaiter().GetResult();
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Assert.True(File.Exists(Path.Combine(SourceLog, "closed.json")));
        });
        await Backup.CreateAsync(Data, Target, new BackupOptions(), TimeProvider.System, PhysicalDisk.Instance, default, source);
        Assert.Equal(Enumerable.Range(0, 50), (await RestoredIdsAsync()).Where(id => id < 50));
    }

    [Fact]
    public async Task Capture_and_settings_are_copied_and_what_belongs_to_the_process_is_not()
    {
        await MakeAsync(10);
        foreach (var file in new[] { "capture/kappa/log/0/2026/01/02/03/04/05.avro", "capture/kappa/log/0/2026/01/02/03/04/06.avro.new", "views/game/v1-1/build.json" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Data, file))!);
            await File.WriteAllTextAsync(Path.Combine(Data, file), file);
        }
        var settings = Path.Combine(_root, "appsettings.json");
        await File.WriteAllTextAsync(settings, "{}");
        var manifest = await Backup.CreateAsync(Data, Target, new BackupOptions { Settings = [settings] });
        Assert.Equal(["data/capture/kappa/log/0/2026/01/02/03/04/05.avro",
            $"data/log/00/{Segment.NameOf(0)}", $"data/log/01/{Segment.NameOf(0)}", "data/log/closed.json", "data/log/log.json", "settings/appsettings.json"],
            manifest.Files.Select(file => file.Path));
        Backup.Restore(Target, Restored);
        Assert.True(File.Exists(Path.Combine(Restored, "capture/kappa/log/0/2026/01/02/03/04/05.avro")));
        Assert.True(File.Exists(Path.Combine(Restored, "settings", "appsettings.json")));
        Directory.Delete(Target, recursive: true);
        Assert.Contains("data/views/game/v1-1/build.json",
            (await Backup.CreateAsync(Data, Target, new BackupOptions { WithViews = true })).Files.Select(file => file.Path));
    }

    [Fact]
    public async Task The_views_of_a_running_host_are_not_copied()
    {
        await using var log = Open();
        var refused = await Assert.ThrowsAsync<BackupException>(() => Backup.CreateAsync(Data, Target, new BackupOptions { WithViews = true }));
        Assert.Contains($"{Environment.ProcessId}", refused.Message);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task A_flipped_byte_a_missing_file_and_one_too_many_are_named()
    {
        await MakeAsync(1_000);
        await Backup.CreateAsync(Data, Target);
        var path = Path.Combine(Target, "data", "log", "00", Segment.NameOf(0));
        var bytes = await File.ReadAllBytesAsync(path);

        foreach (var at in new[] { 0, bytes.Length / 2, bytes.Length - 1 })
        {
            bytes[at] ^= 64;
            await File.WriteAllBytesAsync(path, bytes);
            await NamedAsync(path, "is damaged");
            bytes[at] ^= 64;
        }
        await File.WriteAllBytesAsync(path, bytes[..^1]);
        await NamedAsync(path, "bytes instead of");
        File.Delete(path);
        await NamedAsync(path, "is missing");
        await File.WriteAllBytesAsync(path, bytes);
        var extra = Path.Combine(Target, "data", "log", "00", Segment.NameOf(999_999));
        await File.WriteAllBytesAsync(extra, []);
        await NamedAsync(extra, "is not part of the backup");
        File.Delete(extra);
        Assert.Empty(Backup.Verify(Target, out _));

        var manifest = Path.Combine(Target, BackupManifest.FileName);
        var text = await File.ReadAllTextAsync(manifest);
        await File.WriteAllTextAsync(manifest, text.Replace("\"bytes\":", "\"bytes\": ", StringComparison.Ordinal));
        Assert.Contains(manifest, Assert.Throws<BackupException>(() => Backup.Verify(Target, out _)).Message);
        File.Delete(manifest);
        Assert.Contains("is no backup", Assert.Throws<BackupException>(() => Backup.Restore(Target, Restored)).Message);

        async Task NamedAsync(string file, string what)
        {
            Assert.Contains(what, Assert.Single(Backup.Verify(Target, out _), problem => problem.StartsWith(file, StringComparison.Ordinal)));
            Assert.Contains(file, Assert.Throws<BackupException>(() => Backup.Restore(Target, Restored)).Message);
            Assert.False(Directory.Exists(Restored) && Directory.EnumerateFileSystemEntries(Restored).Any(), "something of a damaged backup was left");
            await Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Of_a_damaged_log_no_backup_is_made_and_the_place_is_named()
    {
        await MakeAsync(1_000);
        Assert.True(Directory.GetFiles(Path.Combine(SourceLog, "00")).Length > 1);
        var path = Path.Combine(SourceLog, "00", Segment.NameOf(0));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[1_000] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Contains(path, (await Assert.ThrowsAsync<BackupException>(() => Backup.CreateAsync(Data, Target))).Message);
        Assert.Throws<BackupException>(() => Backup.Verify(Target, out _));
    }

    [Fact]
    public async Task Nothing_is_put_where_something_is_and_nothing_is_made_of_nothing()
    {
        await MakeAsync(10);
        Assert.Contains("There is no log", (await Assert.ThrowsAsync<BackupException>(() => Backup.CreateAsync(_root, Target))).Message);
        Assert.Contains("lie in one another", (await Assert.ThrowsAsync<BackupException>(() => Backup.CreateAsync(Data, Path.Combine(Data, "backup")))).Message);
        await Backup.CreateAsync(Data, Target);
        Assert.Contains("is not empty", (await Assert.ThrowsAsync<BackupException>(() => Backup.CreateAsync(Data, Target))).Message);
        Assert.Contains("is not empty", Assert.Throws<BackupException>(() => Backup.Restore(Target, Data)).Message);
        Directory.CreateDirectory(Restored);
        Assert.Equal(10, (await RestoredIdsAsync()).Count);
    }
}
