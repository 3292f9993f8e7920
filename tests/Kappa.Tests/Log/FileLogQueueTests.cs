using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>What happens to appends that wait while the disk is busy.</summary>
public sealed class FileLogQueueTests
{
    private const string Place = "/data/log";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly LogOptions _options = new() { Partitions = 1, DuplicateWindow = 1000 };

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
        Assert.True(await entered.WaitAsync(_patience), "the operation never came");
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
        Assert.True(await entered.WaitAsync(_patience), "the operation never came");
        var repeats = Enumerable.Range(0, 3).Select(_ => log.AppendAsync(again).AsTask()).ToArray();
        Assert.DoesNotContain(repeats, repeat => repeat.IsCompleted);
        go.Set();
        await Assert.ThrowsAsync<LogUnavailableException>(() => first);
        foreach (var repeat in repeats)
            await Assert.ThrowsAsync<LogUnavailableException>(() => repeat);
        disk.Fault = null;
        Assert.Equal((1, 1), await log.AppendAsync(again) is var result ? (result.Appended, result.Duplicates) : default);
    }
}
