using System.Globalization;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Tidy;

namespace Kappa.Tests.Log;

/// <summary>The bytes on disk, pinned: logs of today must be readable by the programs of tomorrow.</summary>
public sealed class FrameBytesTests
{
    [Fact]
    public void The_checksum_is_crc_32c()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(Crc32C.Of("123456789"u8), Crc32C.Of("6789"u8, Crc32C.Of("12345"u8)));
    }

    [Fact]
    public void A_frame_is_to_the_byte_what_the_golden_file_says()
    {
        var group = new GroupWriter(partition: 3, FrameHeader.Seed(logId: 0x0102030405060708, partition: 3));
        using var batch = TestEvents.Batch(("customer/1", "a"), ("customer/2", "b"));
        group.Begin(groupBase: 1000, ManualTime.Start.UtcTicks, previousCrc: 0xCAFEBABE, priorFlushed: true);
        group.Add(batch.Record(0));
        group.Add(batch.Record(1));
        group.End();
        Golden("frame", group.Bytes);
    }

    [Fact]
    public async Task A_segment_is_to_the_byte_what_the_golden_file_says()
    {
        var disk = new SimulatedDisk();
        await using (var log = FileLog.Open("/data", new LogOptions { Partitions = 1, DuplicateWindow = 100 }, disk, new ManualTime()))
        {
            using var first = TestEvents.Batch(("customer/1", "a"), ("customer/2", "b"));
            await log.AppendAsync(first);
            using var second = new EventBatch();
            second.Add("customer/1", "c", new string(' ', 20) + "{}");
            await log.AppendAsync(second);
        }
        Golden("segment", disk.Bytes("/data/00/00000000000000000000.log"));
        Golden("log.json", disk.Bytes("/data/log.json"));
        Golden("closed.json", disk.Bytes("/data/closed.json"));
    }

    [Fact]
    public void Frames_have_64_KiB_at_most_unless_a_single_event_is_larger()
    {
        var group = new GroupWriter(0, 0);
        using var batch = new EventBatch();
        foreach (var size in new[] { 60_000, 6_000, 10, 65_300, 65_400, 65_500, 100_000, 10, 10 })
            batch.Add("a", $"{batch.Count}", new string('x', size));
        group.Begin(0, 0, 0, false);
        for (var i = 0; i < batch.Count; i++)
            group.Add(batch.Record(i));
        group.End();
        var frames = new List<FrameHeader>();
        for (var rest = group.Bytes; FrameHeader.TryRead(rest, out var frame); rest = rest[frame.FrameBytes..])
        {
            Assert.True(frame.IsIntact(rest, 0));
            frames.Add(frame);
        }
        Assert.Equal([0, 1, 3, 4, 5, 6, 7], frames.Select(frame => frame.Base));
        Assert.All(frames, frame => Assert.True(frame.FrameBytes <= 65536 || frame.Count == 1));
        Assert.Equal([false, false, false, false, false, false, true], frames.Select(frame => frame.IsLastOfGroup));
        Assert.Equal(frames.SkipLast(1).Select(frame => frame.Crc), frames.Skip(1).Select(frame => frame.PreviousCrc));
    }

    /// <summary>Golden files are hex, 16 bytes a line, with comments behind <c>#</c>.</summary>
    private static void Golden(string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(SourceTree.Root, "tests", "Kappa.Tests", "Log", "Golden", name + ".hex");
        var lines = new List<string>();
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(16, bytes.Length)..])
            lines.Add(string.Join(' ', bytes[..Math.Min(16, bytes.Length)].ToArray().Select(one => one.ToString("x2", CultureInfo.InvariantCulture))));
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("KAPPA_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, lines);
        }
        Assert.Equal(File.ReadLines(path).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0), lines);
    }
}
