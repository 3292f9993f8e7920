using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Tests.Disks;
using Xunit.Abstractions;

namespace Kappa.Tests.Engine.Store;

public class ShardStoreCrashTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_a_crash_at_any_operation_some_whole_commit_is_there(int seed)
    {
        var crashes = 0;
        for (var at = 1; ; at++)
        {
            output.WriteLine($"seed {seed}, crash at operation {at}");
            var disk = ShardScript.NewDisk();
            disk.CrashAfter(at - 1, seed);
            var script = new ShardScript(disk, seed);
            try
            {
                script.Open();
                script.Run(250);
            }
            catch (SimulatedCrashException)
            {
                crashes++;
            }
            script.Close();
            var done = !disk.Crashed;
            for (var variant = 0; variant < 3; variant++)
            {
                var lost = disk.Kill().PowerLoss(variant);
                var after = script.On(lost, variant);
                Assert.InRange(after.Open(), script.Flushed, script.Committed + 1);
                after.Run(20);
                after.Close();
            }
            var killed = script.On(disk.Kill(), seed);
            Assert.InRange(killed.Open(), script.Committed, script.Committed + 1);
            killed.Close();
            if (done)
                break;
        }
        Assert.InRange(crashes, 100, int.MaxValue);
    }

    [Fact]
    public void Crashes_after_crashes_lose_nothing_that_was_flushed()
    {
        var moves = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var disk = ShardScript.NewDisk();
            var script = new ShardScript(disk, seed);
            var floor = 0L;
            for (var round = 0; round < 12; round++)
            {
                output.WriteLine($"seed {seed}, round {round}");
                script = script.On(disk, seed * 100 + round);
                var ceiling = script.Committed + 1;
                var opened = false;
                // Some crashes fall into the recovery from the one before.
                disk.CrashAfter(random.Next(3) == 0 ? random.Next(8) : random.Next(300), seed);
                try
                {
                    Assert.InRange(script.Open(), floor, ceiling);
                    opened = true;
                    script.Run(400);
                }
                catch (SimulatedCrashException)
                {
                }
                script.Close();
                moves += script.Moves;
                // Killed, it loses no commit; without power, none that was flushed.
                floor = opened ? script.Committed : floor;
                disk = disk.Kill();
                if (random.Next(2) == 0)
                {
                    disk = disk.PowerLoss(random.Next());
                    floor = Math.Min(floor, script.Flushed);
                }
            }
        }
        Assert.InRange(moves, 500, int.MaxValue);
    }

    [Fact]
    public void A_full_disk_refuses_the_commit_and_the_next_one_has_all_of_it()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            output.WriteLine($"seed {seed}");
            var disk = ShardScript.NewDisk();
            var random = new Random(seed);
            var script = new ShardScript(disk, seed) { FillDisk = full => disk.FullAfterBytes = full ? disk.BytesUsed + random.Next(80) : null };
            script.Open();
            script.Run(600);
            var after = script.On(disk, seed);
            Assert.Equal(script.Committed, after.Open());
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_flipped_bit_is_found_or_cut_and_never_served(int seed, bool cleaning)
    {
        output.WriteLine($"seed {seed}");
        var disk = ShardScript.NewDisk();
        var script = new ShardScript(disk, seed, cleaning);
        script.Open();
        script.Run(150);
        int found = 0, cut = 0;
        var files = disk.AllFiles.Select(path => (Path: path, Bytes: disk.Bytes(path))).ToList();
        foreach (var (path, bytes) in files)
        {
            for (var at = 0; at < bytes.Length; at += 1 + (at % 11))
            {
                var damaged = disk.Kill();
                damaged.Flip(path, at, at % 8);
                var after = script.On(damaged, seed);
                try
                {
                    var commit = after.Open();
                    Assert.InRange(commit, script.FlushedOnRecord, script.Committed);
                    cut += commit < script.Committed ? 1 : 0;
                }
                catch (StoreCorruptException e)
                {
                    Assert.StartsWith(ShardScript.Directory, e.Path, StringComparison.Ordinal);
                    Assert.InRange(e.Offset, 0, 1 << 20);
                    found++;
                }
            }
        }
        output.WriteLine($"found {found}, cut {cut}");
        Assert.InRange(found, 100, int.MaxValue);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_missing_or_shortened_file_is_found_or_cut_and_never_served(int seed)
    {
        output.WriteLine($"seed {seed}");
        var disk = ShardScript.NewDisk();
        var script = new ShardScript(disk, seed);
        script.Open();
        script.Run(500);
        var found = 0;
        var files = disk.AllFiles.Select(path => (Path: path, Bytes: disk.Bytes(path))).ToList();
        foreach (var (path, bytes) in files)
        {
            for (var length = -1; length < bytes.Length; length += 1 + (bytes.Length / 40))
            {
                var damaged = disk.Kill();
                if (length < 0)
                    damaged.Delete(path);
                else
                    ShardScript.Replace(damaged, path, bytes.AsSpan(0, length));
                var after = script.On(damaged, seed);
                try
                {
                    after.Open();
                }
                catch (StoreCorruptException)
                {
                    found++;
                }
            }
        }
        Assert.InRange(found, files.Count, int.MaxValue);
    }

    [Fact]
    public void A_torn_tail_is_cut_once_and_reported()
    {
        var (disk, store, index) = Filled(new ShardStoreOptions());
        index.Put(store, 1, "torn");
        store.AppendHistory("torn"u8);
        disk.CrashAfter(1);
        Assert.Throws<SimulatedCrashException>(() => store.Commit(new Cut([9])));
        disk = disk.Kill();
        var segment = ShardScript.Directory + "/state-00000001.seg";
        ShardScript.Replace(disk, segment, [.. disk.Bytes(segment), 1, 2, 3]);

        using (var first = ShardStore.Open(disk, ShardScript.Directory, new ShardStoreOptions(), new KeyIndex()))
        {
            Assert.Equal(12, first.Recovered.HistoryBytesCut);
            Assert.InRange(first.Recovered.StateBytesCut, 3, 300);
        }
        using var second = ShardStore.Open(disk, ShardScript.Directory, new ShardStoreOptions(), new KeyIndex());
        Assert.Equal((0, 0), (second.Recovered.HistoryBytesCut, second.Recovered.StateBytesCut));
    }

    [Fact]
    public void Flushed_history_that_is_cut_short_is_refused()
    {
        var (disk, store, _) = Filled(new ShardStoreOptions());
        store.Dispose();
        var path = ShardScript.Directory + "/" + HistoryFile.Name;
        ShardScript.Replace(disk, path, disk.Bytes(path).AsSpan()[..^1]);
        var refused = Assert.Throws<StoreCorruptException>(() => ShardStore.Open(disk, ShardScript.Directory, new ShardStoreOptions(), new KeyIndex()));
        Assert.Equal(path, refused.Path);
    }

    [Fact]
    public void A_segment_of_another_past_is_refused()
    {
        var options = new ShardStoreOptions { SegmentBytesMax = 100 };
        var (disk, store, _) = Filled(options);
        var (other, otherStore, _) = Filled(options, "another past");
        store.Dispose();
        otherStore.Dispose();
        var names = disk.Files(ShardScript.Directory).Where(n => n != HistoryFile.Name).ToList();
        foreach (var name in names)
        {
            var mixed = disk.Kill();
            ShardScript.Replace(mixed, $"{ShardScript.Directory}/{name}", other.Bytes($"{ShardScript.Directory}/{name}"));
            if (name != names[^1])
                Assert.Throws<StoreCorruptException>(() => ShardStore.Open(mixed, ShardScript.Directory, options, new KeyIndex()));
            else // Nothing says that the last commit was flushed, so it is a tail, and does not belong to this past.
                using (var cut = ShardStore.Open(mixed, ShardScript.Directory, options, new KeyIndex()))
                    Assert.Equal(5, cut.CommitNumber);
        }
    }

    /// <summary>
    /// After the end of a process its last frames are there but perhaps not flushed. What they allow to delete must then
    /// stay until they are: else the next loss of power takes them, and what they replace is gone.
    /// </summary>
    [Fact]
    public void What_an_unflushed_frame_allows_is_not_deleted_after_reopening()
    {
        var options = new ShardStoreOptions { SegmentBytesMax = 1000, GarbageBytesMin = 0 };
        var disk = ShardScript.NewDisk();
        var index = new KeyIndex();
        var store = ShardStore.Open(disk, ShardScript.Directory, options, index);
        for (var i = 0; i < 10; i++)
            index.Put(store, i, new string('x', 100));
        store.Commit(new Cut([1]));
        for (var i = 0; i < 9; i++)
            index.Put(store, i, new string('y', 100));
        store.Commit(new Cut([2]));
        store.Flush();
        while (store.Clean(10_000, index))
        {
        }
        store.Commit(new Cut([3]));
        store.Flush();
        store.Commit(new Cut([4]));
        store.Dispose();

        index = new KeyIndex();
        store = ShardStore.Open(disk, ShardScript.Directory, options, index);
        Assert.Equal(4, store.CommitNumber);
        store.Clean(1, index);
        Assert.Contains("state-00000001.seg", disk.Files(ShardScript.Directory));
        store.Dispose();
    }

    private static (SimulatedDisk Disk, ShardStore Store, KeyIndex Index) Filled(ShardStoreOptions options, string text = "text")
    {
        var disk = ShardScript.NewDisk();
        var index = new KeyIndex();
        var store = ShardStore.Open(disk, ShardScript.Directory, options, index);
        for (var i = 0; i < 5; i++)
        {
            index.Put(store, i, text);
            store.AppendHistory("chunk"u8);
            store.Commit(new Cut([i]));
            store.Flush();
        }
        store.Commit(new Cut([6]));
        store.Flush();
        return (disk, store, index);
    }
}
