using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Tests.Disks;
using Xunit.Abstractions;

namespace Kappa.Tests.Engine.Store;

public class ShardStoreDamageTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_flipped_bit_is_found_or_cut_and_never_served(int seed, bool cleaning)
    {
        output.WriteLine($"seed {seed}");
        var disk = StoreDisks.NewDisk();
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
        var disk = StoreDisks.NewDisk();
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
                    StoreDisks.Replace(damaged, path, bytes.AsSpan(0, length));
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
        var (disk, store, index) = StoreDisks.Filled(new ShardStoreOptions());
        index.Put(store, 1, "torn");
        store.AppendHistory("torn"u8);
        disk.CrashAfter(1);
        Assert.Throws<SimulatedCrashException>(() => store.Commit(new Cut([9])));
        disk = disk.Kill();
        var segment = ShardScript.Directory + "/state-00000001.seg";
        StoreDisks.Replace(disk, segment, [.. disk.Bytes(segment), 1, 2, 3]);

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
        var (disk, store, _) = StoreDisks.Filled(new ShardStoreOptions());
        store.Dispose();
        var path = ShardScript.Directory + "/" + HistoryFile.Name;
        StoreDisks.Replace(disk, path, disk.Bytes(path).AsSpan()[..^1]);
        var refused = Assert.Throws<StoreCorruptException>(() => ShardStore.Open(disk, ShardScript.Directory, new ShardStoreOptions(), new KeyIndex()));
        Assert.Equal(path, refused.Path);
    }

    [Fact]
    public void A_segment_of_another_past_is_refused()
    {
        var options = new ShardStoreOptions { SegmentBytesMax = 100 };
        var (disk, store, _) = StoreDisks.Filled(options);
        var (other, otherStore, _) = StoreDisks.Filled(options, "another past");
        store.Dispose();
        otherStore.Dispose();
        var names = disk.Files(ShardScript.Directory).Where(n => n != HistoryFile.Name).ToList();
        foreach (var name in names)
        {
            var mixed = disk.Kill();
            StoreDisks.Replace(mixed, $"{ShardScript.Directory}/{name}", other.Bytes($"{ShardScript.Directory}/{name}"));
            if (name != names[^1])
                Assert.Throws<StoreCorruptException>(() => ShardStore.Open(mixed, ShardScript.Directory, options, new KeyIndex()));
            else // Nothing says that the last commit was flushed, so it is a tail, and does not belong to this past.
                using (var cut = ShardStore.Open(mixed, ShardScript.Directory, options, new KeyIndex()))
                    Assert.Equal(5, cut.CommitNumber);
        }
    }
}
