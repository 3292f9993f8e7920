using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>What only the file log does: restarts, options, locks, segments.</summary>
public sealed class FileLogTests
{
    private const string Place = "/data/log";

    [Fact]
    public async Task Events_and_duplicates_are_known_after_a_restart()
    {
        var disk = new SimulatedDisk();
        await using (var log = FileLog.Open(Place, new LogOptions { Partitions = 2 }, disk))
        {
            using var batch = TestEvents.Batch(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"));
            Assert.Equal(4, (await log.AppendAsync(batch)).Appended);
        }
        await using (var log = FileLog.Open(Place, new LogOptions(), disk))
        {
            Assert.Empty(log.Recovered);
            Assert.Equal(["1", "2", "3", "4"], (await log.AllIdsAsync()).Order());
            using var again = TestEvents.Batch(("a", "1"), ("b", "2"), ("e", "5"));
            var result = await log.AppendAsync(again);
            Assert.Equal((AppendStatus.Appended, 1, 2), (result.Status, result.Appended, result.Duplicates));
            Assert.Equal(5, (await log.AllIdsAsync()).Count);
        }
    }

    [Fact]
    public async Task The_duplicate_window_is_as_long_after_a_restart_as_before()
    {
        var disk = new SimulatedDisk();
        var options = new LogOptions { Partitions = 1, DuplicateWindow = 3 };
        await using (var log = FileLog.Open(Place, options, disk))
        {
            using var batch = TestEvents.Batch(("a", "0"), ("a", "1"), ("a", "2"), ("a", "3"));
            await log.AppendAsync(batch);
        }
        await using (var log = FileLog.Open(Place, options, disk))
        {
            using var batch = TestEvents.Batch(("a", "1"), ("a", "0"));
            var result = await log.AppendAsync(batch);
            Assert.Equal((1, 1), (result.Appended, result.Duplicates));
            Assert.Equal(["0", "1", "2", "3", "0"], await log.IdsAsync(0));
        }
    }

    [Fact]
    public async Task Append_times_do_not_go_back_across_a_restart()
    {
        var disk = new SimulatedDisk();
        var time = new ManualTime();
        foreach (var hours in new[] { 5, -7, 1 })
        {
            time.Now += TimeSpan.FromHours(hours);
            await using var log = FileLog.Open(Place, new LogOptions { Partitions = 1 }, disk, time);
            using var batch = TestEvents.Batch(("a", $"{hours}"));
            await log.AppendAsync(batch);
            Assert.All(await log.ReadAllAsync(0, recorded => recorded.Appended), appended => Assert.Equal(ManualTime.Start.AddHours(5), appended));
        }
    }

    [Fact]
    public async Task The_log_keeps_its_id_and_its_layout()
    {
        var disk = new SimulatedDisk();
        long id;
        await using (var log = FileLog.Open(Place, new LogOptions { Partitions = 7, DuplicateWindow = 9 }, disk))
            id = log.LogId;
        await using (var log = FileLog.Open(Place, new LogOptions(), disk))
            Assert.Equal((id, 7, 9), (log.LogId, log.PartitionCount, log.DuplicateWindow));
    }

    [Fact]
    public async Task Options_that_disagree_with_the_log_are_named()
    {
        var disk = new SimulatedDisk();
        await using (FileLog.Open(Place, new LogOptions { Partitions = 3, DuplicateWindow = 10 }, disk)) { }
        var error = Assert.Throws<InvalidOperationException>(() => FileLog.Open(Place, new LogOptions { Partitions = 4 }, disk));
        Assert.StartsWith("Kappa:Log:Partitions is 4, but the log in /data/log was made with 3", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(() => FileLog.Open(Place, new LogOptions { DuplicateWindow = 11 }, disk));
        Assert.StartsWith("Kappa:Log:DuplicateWindow is 11", error.Message, StringComparison.Ordinal);
        Assert.Contains("Kappa:Log:Partitions", Assert.Throws<ArgumentException>(() => FileLog.Open(Place, new LogOptions { Partitions = 0 }, disk)).Message, StringComparison.Ordinal);
        await using (FileLog.Open(Place, new LogOptions { Partitions = 3, DuplicateWindow = 10 }, disk)) { }
    }

    [Fact]
    public async Task A_second_holder_gets_a_clear_error_and_the_first_goes_on()
    {
        var place = Directory.CreateTempSubdirectory("kappa-log-");
        await using (var log = FileLog.Open(place.FullName, new LogOptions { Partitions = 1 }))
        {
            var error = Assert.Throws<LogUnavailableException>(() => FileLog.Open(place.FullName, new LogOptions()));
            Assert.Contains($"Process {Environment.ProcessId} holds", error.Message, StringComparison.Ordinal);
            Assert.Contains("Kappa:Data", error.Message, StringComparison.Ordinal);
            using var batch = TestEvents.Batch(("a", "1"));
            Assert.Equal(1, (await log.AppendAsync(batch)).Appended);
        }
        await using (var log = FileLog.Open(place.FullName, new LogOptions()))
            Assert.Equal(["1"], await log.IdsAsync(0));
        place.Delete(recursive: true);
    }

    [Fact]
    public async Task Segments_are_closed_when_they_are_full_and_read_on_across()
    {
        var disk = new SimulatedDisk();
        var options = new LogOptions { Partitions = 1, SegmentBytesMax = 64 << 10 };
        var expected = new List<string>();
        for (var run = 0; run < 3; run++)
        {
            await using var log = FileLog.Open(Place, options, disk);
            for (var i = 0; i < 40; i++)
            {
                expected.Add($"{run}-{i}");
                using var batch = new EventBatch();
                batch.Add("a", expected[^1], new string('x', 5000));
                await log.AppendAsync(batch);
            }
            Assert.Equal(expected, await log.IdsAsync(0));
            Assert.Equal(expected, await log.IdsAsync(0, bytesMax: 1));
        }
        Assert.InRange(disk.Files("/data/log/00").Count, 8, 12);
    }

    [Fact]
    public async Task Closing_writes_what_is_queued()
    {
        var disk = new SimulatedDisk();
        using var batch = TestEvents.Batch(("a", "1"), ("a", "2"));
        var log = FileLog.Open(Place, new LogOptions { Partitions = 1 }, disk);
        var append = log.AppendAsync(batch).AsTask();
        await log.DisposeAsync();
        Assert.Equal(2, (await append).Appended);
        await log.DisposeAsync();
        await using var again = FileLog.Open(Place, new LogOptions(), disk.PowerLoss(1));
        Assert.Equal(["1", "2"], await again.IdsAsync(0));
    }

    [Fact]
    public async Task Without_flushes_a_power_loss_takes_the_end_but_closing_flushes()
    {
        var disk = new SimulatedDisk();
        var options = new LogOptions { Partitions = 1, Flush = FlushPolicy.Never };
        using var batch = TestEvents.Batch(("a", "1"), ("a", "2"));
        var log = FileLog.Open(Place, options, disk);
        var flushes = 0;
        disk.Fault = (operation, _) =>
        {
            flushes += operation == DiskOperation.Flush ? 1 : 0;
            return null;
        };
        await log.AppendAsync(batch);
        Assert.Equal(0, flushes);
        await log.DisposeAsync();
        await using var again = FileLog.Open(Place, options, disk.PowerLoss(0));
        Assert.Equal(["1", "2"], await again.IdsAsync(0));
    }
}
