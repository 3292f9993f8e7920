using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>What recovery takes for proof: of damage, of an end, of a flush. Data that looks like a frame is none.</summary>
public sealed class FileLogProofTests
{
    private const string Place = "/data";
    private static readonly string _first = $"{Place}/00/{Segment.NameOf(0)}";
    private static readonly LogOptions _options = new() { Partitions = 1, SegmentBytesMax = 64 << 10, DuplicateWindow = 10 };

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Data_that_looks_like_the_last_frame_of_a_segment_is_not_taken_for_it(int sequence)
    {
        var disk = new SimulatedDisk();
        await using (var log = FileLog.Open(Place, _options, disk))
        {
            using var looksLikeAFrame = new EventBatch();
            looksLikeAFrame.Add(new CloudEvent
            {
                Id = "1", Source = "/s", Type = "t", DataKind = EventDataKind.Binary,
                Data = (byte[])[.. new byte[70_000], .. Frame(log.LogId, sequence)],
            });
            await log.AppendAsync(looksLikeAFrame);
            using var more = TestEvents.Batch(("a", "2"));
            await log.AppendAsync(more);
        }
        Assert.Equal(2, disk.Files(Place + "/00").Count);
        await using var again = FileLog.Open(Place, _options, disk);
        Assert.Null(again.Problem(0));
        Assert.Equal(["1", "2"], await again.IdsAsync(0));
    }

    [Fact]
    public async Task Data_that_looks_like_a_later_frame_does_not_make_damage_of_a_torn_write()
    {
        var disk = new SimulatedDisk();
        await using (var log = FileLog.Open(Place, _options, disk))
        {
            using var batch = TestEvents.Batch(("a", "1"));
            await log.AppendAsync(batch);
            using var file = disk.Open(_first);
            file.Write(file.Length, [.. new byte[1000], .. Frame(log.LogId, 1_000_000)]);
            disk = disk.Kill();
        }
        await using var again = FileLog.Open(Place, _options, disk);
        Assert.Null(again.Problem(0));
        Assert.Equal(["1"], await again.IdsAsync(0));
    }

    [Fact]
    public async Task Without_flushes_at_each_append_damage_is_still_told_from_a_torn_tail_a_few_megabytes_later()
    {
        var disk = new SimulatedDisk();
        await using (var log = FileLog.Open(Place, new LogOptions { Partitions = 1, Flush = FlushPolicy.Never, DuplicateWindow = 0 }, disk))
        {
            for (var i = 0; i < 10; i++)
            {
                using var batch = new EventBatch();
                batch.Add("a", $"{i}", new string('x', 1_000_000));
                await log.AppendAsync(batch);
            }
            disk = disk.Kill();
        }
        disk.Flip(_first, 5000, 1);
        await using var again = FileLog.Open(Place, new LogOptions(), disk);
        Assert.Contains(_first, again.Problem(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_with_a_damaged_partition_opens_on_a_full_disk()
    {
        var disk = new SimulatedDisk();
        using var batch = TestEvents.Batch(("a", "1"));
        await using (var log = FileLog.Open(Place, _options, disk))
            await log.AppendAsync(batch);
        disk.Flip(_first, 60, 1);
        disk.FullAfterBytes = 0;
        for (var start = 0; start < 2; start++)
        {
            await using var log = FileLog.Open(Place, _options, disk);
            Assert.Contains(_first, log.Problem(0), StringComparison.Ordinal);
        }
    }

    private static byte[] Frame(long logId, long sequence)
    {
        var group = new GroupWriter(0, FrameHeader.Seed(logId, 0));
        using var batch = TestEvents.Batch(("a", "forged"));
        group.Begin(sequence, ManualTime.Start.UtcTicks, 0, priorFlushed: true);
        group.Add(batch.Record(0));
        group.End();
        return group.Bytes.ToArray();
    }
}
