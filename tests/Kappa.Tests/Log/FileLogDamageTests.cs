using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>Bits that flip and files that vanish: found and named, or cut where nothing acknowledged can be lost; never served.</summary>
public sealed class FileLogDamageTests
{
    private const string Place = "/data";
    private const string FirstSegment = "/data/00/00000000000000000000.log";

    [Theory]
    [InlineData(true, FlushPolicy.EveryAppend)]
    [InlineData(false, FlushPolicy.EveryAppend)]
    [InlineData(true, FlushPolicy.Never)]
    [InlineData(false, FlushPolicy.Never)]
    public async Task Any_flipped_bit_is_found_or_harmless(bool closed, FlushPolicy flush)
    {
        var (disk, expected) = await SmallLogAsync(closed, flush);
        var lastAppend = expected.Count - 2;
        foreach (var path in disk.AllFiles)
            for (var offset = disk.Bytes(path).Length - 1; offset >= 0; offset--)
            {
                var flipped = disk.Copy();
                flipped.Flip(path, offset, (offset * 5 + offset / 8) % 8);
                await CheckAsync(flipped, path, $"{path} byte {offset}");
            }

        async Task CheckAsync(SimulatedDisk flipped, string path, string place)
        {
            try
            {
                await using var log = FileLog.Open(Place, new LogOptions { Flush = flush }, flipped);
                if (log.Problem(0) is { } problem)
                {
                    Assert.Contains(path, problem, StringComparison.Ordinal);
                    Assert.Contains("offset", problem, StringComparison.Ordinal);
                    await Assert.ThrowsAsync<LogCorruptException>(async () => await log.ReadAsync(0, 0, 1000));
                    return;
                }
                var read = await log.ReadAllAsync(0, recorded => recorded.IdText() + recorded.SubjectText() + recorded.DataText());
                Assert.True(read.SequenceEqual(expected.Take(read.Count)), $"wrong events after {place}");
                Assert.True(read.Count == expected.Count || !closed && (flush == FlushPolicy.Never || read.Count >= lastAppend), $"{place}: {read.Count} left");
                Assert.True(read.Count == expected.Count || log.Recovered.Count == 1, $"{place}: silently cut");
            }
            catch (LogCorruptException e)
            {
                Assert.Contains(path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Damage_is_still_found_at_the_next_start_and_gone_once_the_file_is_restored()
    {
        var (disk, expected) = await SmallLogAsync(closed: true, FlushPolicy.EveryAppend, partitions: 2);
        var lastByte = disk.Bytes(FirstSegment).Length - 1;
        var other = expected.Count - (await OpenIdsAsync(disk, 0)).Count;
        disk.Flip(FirstSegment, lastByte, 3);
        for (var start = 0; start < 3; start++)
        {
            await using var log = FileLog.Open(Place, new LogOptions(), disk);
            Assert.Contains(FirstSegment, log.Problem(0), StringComparison.Ordinal);
            await Assert.ThrowsAsync<LogCorruptException>(async () => await log.ReadAsync(0, 0, 1000));
            await Assert.ThrowsAsync<LogCorruptException>(async () => await log.WaitAsync(0, 1000));
            Assert.Null(log.Problem(1));
            Assert.Equal(other + start, (await log.IdsAsync(1)).Count);
            // Appends to the sound partition go on; one that touches the other is refused before anything is stored.
            using var batch = new EventBatch();
            batch.Add(SubjectIn(1), $"more {start}");
            await log.AppendAsync(batch);
            batch.Add(SubjectIn(0), "nowhere");
            batch.Add(SubjectIn(1), "not here either");
            await Assert.ThrowsAsync<LogCorruptException>(async () => await log.AppendAsync(batch));
            Assert.Equal(other + start + 1, log.Next(1));
        }
        disk.Flip(FirstSegment, lastByte, 3);
        await using var healed = FileLog.Open(Place, new LogOptions(), disk);
        Assert.Null(healed.Problem(0));
        Assert.Equal(expected.Count + 3, (await healed.AllIdsAsync()).Count);
    }

    [Fact]
    public async Task Damage_in_an_older_segment_is_found_when_it_is_read_and_stops_the_partition()
    {
        var disk = await SegmentedLogAsync();
        disk.Flip(FirstSegment, 30_000, 1);
        await using var log = FileLog.Open(Place, new LogOptions(), disk);
        Assert.Null(log.Problem(0));
        var wait = log.WaitAsync(0, 1_000_000).AsTask();
        var error = await Assert.ThrowsAsync<LogCorruptException>(() => log.IdsAsync(0));
        Assert.Contains(FirstSegment, error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, log.Problem(0));
        await Assert.ThrowsAsync<LogCorruptException>(() => wait);
        using var batch = TestEvents.Batch(("a", "new"));
        await Assert.ThrowsAsync<LogCorruptException>(async () => await log.AppendAsync(batch));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-2)]
    [InlineData(-1)]
    public async Task A_missing_segment_is_damage(int which)
    {
        var disk = await SegmentedLogAsync();
        var segments = disk.Files("/data/00");
        disk.Delete("/data/00/" + segments[which < 0 ? segments.Count + which : which]);
        await using var log = FileLog.Open(Place, new LogOptions(), disk);
        Assert.NotNull(log.Problem(0));
        Assert.Contains(".log", log.Problem(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_that_was_cut_short_is_damage()
    {
        var disk = await SegmentedLogAsync();
        using (var file = disk.Open(FirstSegment))
            file.SetLength(file.Length - 100);
        await using var log = FileLog.Open(Place, new LogOptions(), disk);
        Assert.Contains(FirstSegment, log.Problem(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_of_another_log_or_partition_is_not_taken_for_ours()
    {
        var (ours, _) = await SmallLogAsync(closed: true, FlushPolicy.EveryAppend, partitions: 2);
        var (theirs, _) = await SmallLogAsync(closed: true, FlushPolicy.EveryAppend, partitions: 2, ManualTime.Start.AddDays(1));
        foreach (var bytes in new[] { theirs.Bytes(FirstSegment), ours.Bytes("/data/01/00000000000000000000.log") })
        {
            var mixed = ours.Copy();
            using (var file = mixed.Open(FirstSegment))
            {
                file.SetLength(0);
                file.Write(0, bytes);
            }
            await using var log = FileLog.Open(Place, new LogOptions(), mixed);
            Assert.Contains(FirstSegment, log.Problem(0), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lost_layout_is_not_taken_for_a_new_log()
    {
        var (disk, _) = await SmallLogAsync(closed: true, FlushPolicy.EveryAppend);
        disk.Delete("/data/log.json");
        var error = Assert.Throws<LogCorruptException>(() => FileLog.Open(Place, new LogOptions(), disk));
        Assert.Contains("/data/log.json is missing", error.Message, StringComparison.Ordinal);
    }

    private static string SubjectIn(int partition) => Enumerable.Range(0, 100).Select(i => $"{i}")
        .First(subject => StableHash.Partition(System.Text.Encoding.UTF8.GetBytes(subject), 2) == partition);

    private static async Task<List<string>> OpenIdsAsync(SimulatedDisk disk, int partition)
    {
        await using var log = FileLog.Open(Place, new LogOptions(), disk);
        return await log.IdsAsync(partition);
    }

    private static async Task<(SimulatedDisk Disk, List<string> Expected)> SmallLogAsync(
        bool closed, FlushPolicy flush, int partitions = 1, DateTimeOffset? at = null)
    {
        var disk = new SimulatedDisk();
        var expected = new List<string>();
        var log = FileLog.Open(Place, new LogOptions { Partitions = partitions, Flush = flush, DuplicateWindow = 100 }, disk, new ManualTime(at ?? ManualTime.Start));
        for (var i = 0; i < 4; i++)
        {
            using var batch = TestEvents.Batch(($"{i}", $"first {i}"), ($"{i + 10}", $"second {i}"));
            expected.AddRange([$"first {i}{i}{{}}", $"second {i}{i + 10}{{}}"]);
            await log.AppendAsync(batch);
        }
        var killed = closed ? null : disk.Copy();
        await log.DisposeAsync();
        return (killed ?? disk, expected);
    }

    private static async Task<SimulatedDisk> SegmentedLogAsync()
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open(Place, new LogOptions { Partitions = 1, SegmentBytesMax = 64 << 10, DuplicateWindow = 5 }, disk);
        for (var i = 0; i < 60; i++)
        {
            using var batch = new EventBatch();
            batch.Add("a", $"{i}", new string('x', 5000));
            await log.AppendAsync(batch);
        }
        return disk;
    }
}
