using System.Text;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Engine.Store;

public class ShardStoreTests
{
    private const string Directory = "/store";

    private readonly SimulatedDisk _disk = new();

    private (ShardStore Store, KeyIndex Index) Open(long segmentBytes = 1 << 20, long garbageBytes = 0)
    {
        var index = new KeyIndex();
        return (ShardStore.Open(_disk, Directory, new ShardStoreOptions { SegmentBytesMax = segmentBytes, GarbageBytesMin = garbageBytes }, index), index);
    }

    private static string History(ShardStore store, long offset)
    {
        using var chunk = store.ReadHistory(offset);
        return Encoding.UTF8.GetString(chunk.Span);
    }

    [Fact]
    public void A_new_store_is_empty_and_at_the_start_of_the_log()
    {
        var (store, index) = Open();
        using (store)
        {
            Assert.Equal(Cut.Zero, store.Watermark);
            Assert.Equal(0, store.CommitNumber);
            Assert.Empty(index.Addresses);
        }
    }

    [Fact]
    public void What_was_committed_is_there_after_reopening_and_the_later_version_wins()
    {
        var (store, index) = Open();
        long first, second;
        using (store)
        {
            index.Put(store, 1, "one");
            index.Put(store, 2, "two");
            first = store.AppendHistory("h1"u8);
            store.Commit(new Cut([3, 5]));
            index.Put(store, 1, "one again");
            second = store.AppendHistory("h2"u8);
            store.Commit(new Cut([4, 5]));
        }
        (store, index) = Open();
        using (store)
        {
            Assert.Equal(new Cut([4, 5]), store.Watermark);
            Assert.Equal(2, store.CommitNumber);
            Assert.Equal("one again", index.Read(store, 1));
            Assert.Equal("two", index.Read(store, 2));
            Assert.Equal("h1", History(store, first));
            Assert.Equal("h2", History(store, second));
            Assert.Equal(new StoreRecovered(2, 3, 0, 0), store.Recovered);
        }
    }

    [Fact]
    public void What_was_staged_but_not_committed_is_readable_at_once_and_gone_after_reopening()
    {
        var (store, index) = Open();
        using (store)
        {
            index.Put(store, 1, "committed");
            store.Commit(new Cut([1]));
            index.Put(store, 1, "staged");
            var chunk = store.AppendHistory("chunk"u8);
            Assert.Equal("staged", index.Read(store, 1));
            Assert.Equal("chunk", History(store, chunk));
            Assert.True(store.StagedBytes > 0);
        }
        (store, index) = Open();
        using (store)
            Assert.Equal("committed", index.Read(store, 1));
    }

    [Fact]
    public void Records_and_chunks_of_any_size_are_read_back()
    {
        var sizes = new[] { 0, 1, 7, 503, 504, 505, 511, 512, 513, 65_523, 65_536, 1 << 20, 3_000_001 };
        var (store, index) = Open();
        var chunks = new List<long>();
        using (store)
        {
            for (var i = 0; i < sizes.Length; i++)
            {
                index.Put(store, i, new string((char)('a' + i), sizes[i]));
                chunks.Add(store.AppendHistory(Encoding.UTF8.GetBytes(new string((char)('A' + i), sizes[i]))));
            }
            Check();
            store.Commit(new Cut([1]));
            Check();
        }
        (store, index) = Open();
        using (store)
            Check();

        void Check()
        {
            for (var i = 0; i < sizes.Length; i++)
            {
                Assert.Equal(new string((char)('a' + i), sizes[i]), index.Read(store, i));
                Assert.Equal(new string((char)('A' + i), sizes[i]), History(store, chunks[i]));
            }
        }
    }

    [Fact]
    public void Segments_are_sealed_when_large_and_all_of_them_are_read()
    {
        var (store, index) = Open(segmentBytes: 2000);
        using (store)
            for (var i = 0; i < 100; i++)
            {
                index.Put(store, i, $"value {i}");
                store.Commit(new Cut([i]));
            }
        Assert.True(_disk.Files(Directory).Count > 5);
        (store, index) = Open(segmentBytes: 2000);
        using (store)
        {
            for (var i = 0; i < 100; i++)
                Assert.Equal($"value {i}", index.Read(store, i));
            index.Put(store, 100, "on it goes");
            store.Commit(new Cut([101]));
        }
        (store, index) = Open(segmentBytes: 2000);
        using (store)
            Assert.Equal(101, store.CommitNumber);
    }
}
