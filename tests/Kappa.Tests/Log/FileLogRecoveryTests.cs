using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>Single cases of what a start may find, besides the crashes at every operation.</summary>
public sealed class FileLogRecoveryTests
{
    private const string Place = "/data/log";

    [Fact]
    public async Task A_log_whose_making_was_cut_off_is_made_whole_before_anything_is_acknowledged()
    {
        var options = new LogOptions { Partitions = 2, DuplicateWindow = 10 };
        var made = new SimulatedDisk();
        await using (FileLog.Open(Place, options, made)) { }
        for (var operations = 0; operations < made.Operations; operations++)
            for (var seed = 0; seed < 8; seed++)
            {
                var disk = new SimulatedDisk();
                disk.CrashAfter(operations, seed);
                try
                {
                    await FileLog.Open(Place, options, disk).DisposeAsync();
                }
                catch (SimulatedCrashException)
                {
                    Assert.True(disk.Crashed);
                }
                disk = seed % 2 == 0 ? disk.Kill() : disk.PowerLoss(seed);
                await using var log = FileLog.Open(Place, options, disk);
                using var batch = TestEvents.Batch(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"));
                await log.AppendAsync(batch);
                await using var again = FileLog.Open(Place, options, disk.PowerLoss(seed));
                Assert.Equal(["1", "2", "3", "4"], (await again.AllIdsAsync()).Order());
            }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_event_is_found_where_a_torn_group_of_several_frames_was_cut_off(int wholeFrames)
    {
        var disk = new SimulatedDisk();
        using var large = new EventBatch();
        for (var i = 0; i < 4; i++)
            large.Add("a", $"torn {i}", new string('x', 60_000));
        await using (var log = FileLog.Open(Place, new LogOptions { Partitions = 1, DuplicateWindow = 0 }, disk))
        {
            await log.AppendAsync(large);
            disk = disk.Copy();
        }
        using (var file = disk.Open(Place + "/00/" + Segment.NameOf(0)))
            file.SetLength((file.Length / 4 * wholeFrames) + 1000);

        await using var recovered = FileLog.Open(Place, new LogOptions(), disk);
        Assert.Equal(0, recovered.Next(0));
        var ids = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            using var batch = new EventBatch();
            batch.Add("a", $"{i}", new string('y', 3000 + 7 * i));
            await recovered.AppendAsync(batch);
            ids.Add($"{i}");
        }
        for (var i = ids.Count - 1; i >= 0; i--)
        {
            using var page = await recovered.ReadAsync(0, i, 1);
            Assert.Equal(ids[i], page.Events[0].IdText());
        }
        Assert.Null(recovered.Problem(0));
    }

    [Fact]
    public async Task A_log_that_is_closed_after_a_segment_could_not_be_begun_is_sound()
    {
        var disk = new SimulatedDisk();
        using var large = new EventBatch();
        large.Add("a", "1", new string('x', 70_000));
        using var next = TestEvents.Batch(("a", "2"));
        await using (var log = FileLog.Open(Place, new LogOptions { Partitions = 1, SegmentBytesMax = 64 << 10 }, disk))
        {
            await log.AppendAsync(large);
            disk.Fault = (operation, _) => operation == DiskOperation.FlushDirectory ? new IOException("broken") : null;
            await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync(next));
            disk.Fault = null;
        }
        // Larger segments from now on: even so nothing may go into the old one, as the new one is there.
        var larger = new LogOptions { SegmentBytesMax = 1 << 20 };
        for (var start = 0; start < 2; start++)
        {
            await using var log = FileLog.Open(Place, larger, disk);
            Assert.Null(log.Problem(0));
            Assert.Equal(1 - start, (await log.AppendAsync(next)).Appended);
            Assert.Equal(["1", "2"], await log.IdsAsync(0));
        }
    }

    [Fact]
    public async Task Frames_of_a_failed_write_and_of_its_repetition_are_never_taken_for_one()
    {
        var disk = new SimulatedDisk();
        long logId;
        await using (var log = FileLog.Open(Place, new LogOptions { Partitions = 1 }, disk))
        {
            logId = log.LogId;
            using var batch = TestEvents.Batch(("a", "1"));
            await log.AppendAsync(batch);
            disk = disk.Copy();
        }
        // The first frame of the repetition got to the device, behind it still stands the second of the failed write.
        var (failed, repeated) = (Group("failed"), Group("repeated"));
        Assert.Equal(failed.Length, repeated.Length);
        Assert.True(FrameHeader.TryRead(failed, out var first));
        using (var file = disk.Open(Place + "/00/" + Segment.NameOf(0)))
        {
            var end = file.Length;
            file.Write(end, failed);
            file.Write(end, repeated.AsSpan(0, first.FrameBytes));
        }
        await using var recovered = FileLog.Open(Place, new LogOptions(), disk);
        Assert.Equal(["1"], await recovered.IdsAsync(0));
        Assert.Equal(failed.Length, Assert.Single(recovered.Recovered).BytesCut);

        byte[] Group(string content)
        {
            var group = new GroupWriter(0, FrameHeader.Seed(logId, 0));
            using var batch = new EventBatch();
            batch.Add("a", "2", content.PadRight(60_000));
            batch.Add("a", "3", content.PadRight(60_000));
            FrameHeader.TryRead(disk.Bytes(Place + "/00/" + Segment.NameOf(0)), out var last);
            group.Begin(1, last.Ticks, last.Crc, priorFlushed: true);
            group.Add(batch.Record(0));
            group.Add(batch.Record(1));
            group.End();
            return group.Bytes.ToArray();
        }
    }
}
