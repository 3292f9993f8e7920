using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>Disks that are full, fail or are slow: nothing acknowledged is lost, nothing failed is seen, and it heals by itself.</summary>
public sealed class FileLogFailureTests
{
    private const string Place = "/data/log";
    private static readonly LogOptions _options = new() { Partitions = 1, SegmentBytesMax = 64 << 10 };

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
    public async Task Too_much_waiting_is_told_before_anything_is_queued()
    {
        var disk = new SimulatedDisk();
        var options = new LogOptions { Partitions = 2, EventBytesMax = 4096, RequestBytesMax = 8192, QueueBytesMax = 8192 };
        await using var log = FileLog.Open(Place, options, disk);
        using var entered = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        disk.Fault = (operation, _) =>
        {
            if (operation == DiskOperation.Write && !go.IsSet)
            {
                entered.Release();
                go.Wait();
            }
            return null;
        };
        var (here, there) = (Subject(0), Subject(1));
        using var first = Large(here, "1");
        using var second = Large(here, "2");
        using var third = Large(here, "3");
        third.Add(there, "4");
        var writing = log.AppendAsync(first).AsTask();
        await entered.WaitAsync();
        var waiting = log.AppendAsync(second).AsTask();
        for (var i = 0; i < 100; i++)
            Assert.Equal(AppendResult.Overloaded, await log.AppendAsync(third));
        go.Set();
        Assert.Equal((1, 1), ((await writing).Appended, (await waiting).Appended));
        Assert.Equal((2, 0), (log.Next(0), log.Next(1)));
        Assert.Equal(2, (await log.AppendAsync(third)).Appended);

        static EventBatch Large(string subject, string id)
        {
            var batch = new EventBatch();
            batch.Add(subject, id, new string('x', 3500));
            return batch;
        }

        static string Subject(int partition) => Enumerable.Range(0, 100).Select(i => $"{i}")
            .First(subject => StableHash.Partition(System.Text.Encoding.UTF8.GetBytes(subject), 2) == partition);
    }

    [Fact]
    public async Task A_repeat_of_what_is_not_yet_durable_waits_for_it_and_fails_with_it()
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open(Place, _options, disk);
        using var entered = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        disk.Fault = (operation, _) =>
        {
            if (operation != DiskOperation.Flush)
                return null;
            entered.Release();
            go.Wait();
            return new IOException("broken");
        };
        using var batch = TestEvents.Batch(("a", "1"));
        using var again = TestEvents.Batch(("a", "1"), ("a", "1"));
        var first = log.AppendAsync(batch).AsTask();
        await entered.WaitAsync();
        var repeats = Enumerable.Range(0, 3).Select(_ => log.AppendAsync(again).AsTask()).ToArray();
        Assert.DoesNotContain(repeats, repeat => repeat.IsCompleted);
        go.Set();
        await Assert.ThrowsAsync<LogUnavailableException>(() => first);
        foreach (var repeat in repeats)
            await Assert.ThrowsAsync<LogUnavailableException>(() => repeat);
        disk.Fault = null;
        Assert.Equal((1, 1), await log.AppendAsync(again) is var result ? (result.Appended, result.Duplicates) : default);
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
