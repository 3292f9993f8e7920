using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>The compact table of identity hashes, against the plain rule.</summary>
public sealed class DuplicateWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void It_holds_exactly_the_last_positions_whatever_is_added_and_taken_back(int size)
    {
        var random = new Random(size);
        var start = random.Next(1000);
        var window = new DuplicateWindow(size, start);
        var hashes = new List<ulong>();
        var committed = 0;
        for (var step = 0; step < 4000; step++)
        {
            // Few hashes, and many that share a home and a tag, so that clusters form and wrap around.
            var hash = ((ulong)(uint)random.Next(4) << 62) + (uint)random.Next(3) + 0xFFFC;
            var expected = Enumerable.Range(0, hashes.Count).Where(i => i >= hashes.Count - size && hashes[i] == hash).Select(i => (long)i + start);
            var found = new List<long>();
            for (var candidates = window.Find(hash); candidates.MoveNext();)
                found.Add(candidates.Sequence);
            Assert.Equal(expected, found.Order());
            if (random.Next(10) > 0)
            {
                window.Add(hash);
                hashes.Add(hash);
            }
            else if (random.Next(2) == 0)
            {
                window.Commit();
                committed = hashes.Count;
            }
            else
            {
                window.Rollback();
                hashes.RemoveRange(committed, hashes.Count - committed);
            }
        }
    }

    [Fact]
    public async Task Events_with_the_same_hash_are_told_apart_by_what_they_are()
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open("/data", new LogOptions { Partitions = 1 }, disk);
        using var batch = TestEvents.Batch(("a", "1"), ("a", "2"), ("a", "3"), ("a", "4"));
        await log.AppendAsync(batch);

        // The same log, but every hash is 42.
        var segment = new Segment(disk, "/data/00", 0, new SegmentFiles(1)) { Length = disk.Bytes("/data/00/" + Segment.NameOf(0)).Length };
        using var partition = new PartitionLog(0, "/data/00", FrameHeader.Seed(log.LogId, 0), [segment], 4, new SegmentFiles(1));
        var window = new DuplicateWindow(3, 0);
        for (var i = 0; i < 4; i++)
            window.Add(42);
        using var identities = new RecordedIdentities(new PartitionReader(partition), window);
        var group = new GroupWriter(0, 0);
        Assert.Equal([-1, 1, 2, 3], Enumerable.Range(0, 4).Select(i => identities.Find(42, batch.Record(i), group)));

        // And one that is not yet written.
        using var more = TestEvents.Batch(("a", "5"), ("a", "6"));
        group.Begin(4, 0, 0, false);
        group.Add(more.Record(0));
        window.Add(42);
        Assert.Equal([4, -1], Enumerable.Range(0, 2).Select(i => identities.Find(42, more.Record(i), group)));
    }
}
