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
            var disk = StoreDisks.NewDisk();
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
            var disk = StoreDisks.NewDisk();
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
                    output.WriteLine(opened ? "crashed" : "crashed while it recovered");
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
            var disk = StoreDisks.NewDisk();
            var random = new Random(seed);
            var script = new ShardScript(disk, seed) { FillDisk = full => disk.FullAfterBytes = full ? disk.BytesUsed + random.Next(80) : null };
            script.Open();
            script.Run(600);
            var after = script.On(disk, seed);
            Assert.Equal(script.Committed, after.Open());
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
        var disk = StoreDisks.NewDisk();
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
}
