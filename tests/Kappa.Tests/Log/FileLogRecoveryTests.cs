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
