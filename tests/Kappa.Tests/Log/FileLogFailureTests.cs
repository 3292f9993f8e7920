using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>Disks that are full, fail or are slow: nothing acknowledged is lost, nothing failed is seen, and it heals by itself.</summary>
public sealed class FileLogFailureTests
{
    private const string Place = "/data/log";
    private static readonly LogOptions _options = new() { Partitions = 1, SegmentBytesMax = 64 << 10, DuplicateWindow = 1000 };

    [Fact]
    public async Task A_full_disk_refuses_appends_goes_on_reading_and_resumes_by_itself()
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open(Place, _options, disk);
        var ids = new List<string>();
        for (var room = 0; room < 700; room += 13)
        {
            var id = $"{room}";
            disk.FullAfterBytes = disk.BytesUsed + room;
            using var batch = TestEvents.Batch(("a", id), ("b", id + "b"));
            using var large = new EventBatch();
            large.Add("c", id + "c", new string('x', 2000));
            var error = await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync(large));
            Assert.IsType<DiskFullException>(error.InnerException);
            Assert.Equal(ids, await log.IdsAsync(0));
            disk.FullAfterBytes = null;
            Assert.Equal(2, (await log.AppendAsync(batch)).Appended);
            ids.AddRange([id, id + "b"]);
            Assert.Equal(1, (await log.AppendAsync(large)).Appended);
            ids.Add(id + "c");
            Assert.Equal(ids, await log.IdsAsync(0));
        }
        await using var again = FileLog.Open(Place, _options, disk.Kill());
        Assert.Equal(ids, await again.IdsAsync(0));
        Assert.Empty(again.Recovered);
    }

    [Fact]
    public async Task A_log_opens_and_closes_on_a_full_disk()
    {
        var disk = new SimulatedDisk();
        using var batch = TestEvents.Batch(("a", "1"));
        await using (var log = FileLog.Open(Place, _options, disk))
            await log.AppendAsync(batch);
        disk.FullAfterBytes = 0;
        using var more = TestEvents.Batch(("a", "2"));
        for (var start = 0; start < 2; start++)
        {
            await using var log = FileLog.Open(Place, _options, disk);
            Assert.Equal(["1"], await log.IdsAsync(0));
            await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync(more));
        }
        disk.FullAfterBytes = null;
        await using var again = FileLog.Open(Place, _options, disk);
        Assert.Equal(1, (await again.AppendAsync(more)).Appended);
    }

    [Fact]
    public async Task Appends_that_repeat_what_is_there_are_acknowledged_even_on_a_full_disk()
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open(Place, _options, disk);
        using var batch = TestEvents.Batch(("a", "1"));
        await log.AppendAsync(batch);
        disk.FullAfterBytes = 0;
        Assert.Equal(1, (await log.AppendAsync(batch)).Duplicates);
        disk.FullAfterBytes = null;
    }

    [Theory]
    [InlineData(DiskOperation.Write)]
    [InlineData(DiskOperation.Flush)]
    public async Task A_failed_append_leaves_nothing_behind_and_can_be_tried_again(DiskOperation failing)
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open(Place, _options, disk);
        using var first = TestEvents.Batch(("a", "1"), ("a", "2"));
        using var second = TestEvents.Batch(("a", "2"), ("a", "3"), ("a", "4"));
        await log.AppendAsync(first);
        disk.Fault = (operation, _) => operation == failing ? new IOException("broken") : null;
        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync(second));
            Assert.Contains("broken", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(["1", "2"], await log.IdsAsync(0));
        // Now the failed write cannot even be cut off: still nothing may follow it.
        disk.Fault = (operation, _) => operation == DiskOperation.SetLength ? new IOException("broken") : null;
        await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync(second));
        disk.Fault = null;
        var result = await log.AppendAsync(second);
        Assert.Equal((2, 1), (result.Appended, result.Duplicates));
        Assert.Equal(["1", "2", "3", "4"], await log.IdsAsync(0));
        await using var again = FileLog.Open(Place, _options, disk.Kill());
        Assert.Equal(["1", "2", "3", "4"], await again.IdsAsync(0));
    }

    [Fact]
    public async Task A_segment_that_cannot_be_begun_is_begun_later()
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open(Place, _options, disk);
        using var large = new EventBatch();
        large.Add("a", "1", new string('x', 70_000));
        await log.AppendAsync(large);
        using var next = TestEvents.Batch(("a", "2"));
        foreach (var failing in new[] { DiskOperation.Create, DiskOperation.FlushDirectory, DiskOperation.Write })
        {
            disk.Fault = (operation, _) => operation == failing ? new DiskFullException("full") : null;
            await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync(next));
        }
        disk.Fault = null;
        Assert.Equal(1, (await log.AppendAsync(next)).Appended);
        Assert.Equal(["1", "2"], await log.IdsAsync(0));
    }

    [Fact]
    public async Task Batches_are_free_again_once_the_append_is_over()
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open(Place, _options, disk);
        var batch = new EventBatch();
        for (var i = 0; i < 200; i++)
        {
            batch.Clear();
            batch.Add("a", $"{i}");
            disk.Fault = i % 5 == 0 ? (operation, _) => operation == DiskOperation.Flush ? new IOException("broken") : null : null;
            try
            {
                await log.AppendAsync(batch);
            }
            catch (LogUnavailableException)
            {
                Assert.Equal(0, i % 5);
            }
        }
        batch.Dispose();
        Assert.Equal(Enumerable.Range(0, 200).Where(i => i % 5 != 0).Select(i => $"{i}"), await log.IdsAsync(0));
    }
}
