using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Engine.Store;

public class ShardStoreCleaningTests
{
    private const string Directory = "/store";

    private readonly SimulatedDisk _disk = new();

    private (ShardStore Store, KeyIndex Index) Open(long segmentBytes = 1 << 20, long garbageBytes = 0)
    {
        var index = new KeyIndex();
        return (ShardStore.Open(_disk, Directory, new ShardStoreOptions { SegmentBytesMax = segmentBytes, GarbageBytesMin = garbageBytes }, index), index);
    }

    [Fact]
    public void Endless_overwriting_needs_bounded_room()
    {
        const int Keys = 2_000, RecordBytes = 300;
        var (store, index) = Open(segmentBytes: 16 << 10);
        var random = new Random(11);
        long worst = 0;
        using (store)
        {
            for (var i = 0; i < 40_000; i++)
            {
                index.Put(store, random.Next(Keys), $"{i}".PadRight(RecordBytes - 20));
                if (i % 10 != 9)
                    continue;
                store.Clean((int)(2 * store.StagedBytes), index);
                store.Commit(new Cut([i]));
                if (i % 50 == 49)
                    store.Flush();
                worst = Math.Max(worst, store.BytesOnDisk);
            }
            Assert.Equal(Keys * RecordBytes, store.LiveBytes);
            Assert.Equal(_disk.Files(Directory).Sum(f => (long)_disk.Bytes($"{Directory}/{f}").Length), store.BytesOnDisk);
            // Twice what lives, then the active segment, frames, and what waits for its second flush.
            Assert.InRange((double)worst / store.LiveBytes, 1.5, 2.4);
            Assert.InRange(index.Moves, 1, 60_000);
        }
        var before = index.Addresses.ToDictionary();
        (store, index) = Open(segmentBytes: 8 << 10);
        using (store)
            Assert.Equal(before, index.Addresses);
    }

    [Fact]
    public void A_reader_of_a_moved_record_is_told_to_ask_again()
    {
        var (store, index) = Open(segmentBytes: 4000);
        using (store)
        {
            for (var i = 0; i < 20; i++)
                index.Put(store, i, new string('x', 200));
            store.Commit(new Cut([1]));
            var before = index.Addresses[19];
            for (var i = 0; i < 19; i++)
                index.Put(store, i, new string('y', 200));
            while (store.Clean(1000, index))
            {
            }
            Assert.NotEqual(before, index.Addresses[19]);
            Assert.True(store.TryRead(before, out var old));
            old.Dispose();

            // The commit holds the move, the first flush covers it, the second what is known of the first.
            for (var i = 0; i < 2; i++)
            {
                store.Commit(new Cut([2 + i]));
                store.Clean(1, index);
                Assert.True(store.TryRead(before, out old));
                old.Dispose();
                store.Flush();
            }
            store.Clean(1, index);
            Assert.False(store.TryRead(before, out _));
            Assert.Equal(new string('x', 200), index.Read(store, 19));
            store.Flush();
            Assert.DoesNotContain("state-00000001.seg", _disk.Files(Directory));
        }
    }

    [Fact]
    public async Task Readers_and_a_flusher_run_beside_a_writer_that_cleans()
    {
        const int Keys = 50;
        var (store, index) = Open(segmentBytes: 4 << 10);
        using (store)
        using (var done = new CancellationTokenSource())
        {
            for (var i = 0; i < Keys; i++)
                index.Put(store, i, $"{i}".PadRight(100));
            store.Commit(new Cut([1]));
            var addresses = new StoreAddress[Keys];
            Publish();

            var reading = Enumerable.Range(0, 2).Select(seed => Task.Run(() =>
            {
                var random = new Random(seed);
                long reads = 0;
                while (!done.IsCancellationRequested || reads == 0)
                {
                    var key = random.Next(Keys);
                    StoreAddress address;
                    lock (addresses)
                        address = addresses[key];
                    if (!store.TryRead(address, out var record))
                        continue;
                    using (record)
                        Assert.StartsWith($"{key} ", KeyIndex.TextOf(record.Span), StringComparison.Ordinal);
                    reads++;
                }
            })).Append(Task.Run(() =>
            {
                while (!done.IsCancellationRequested)
                    store.Flush();
            })).ToArray();

            var writer = new Random(5);
            for (var i = 0; i < 5_000; i++)
            {
                var key = writer.Next(Keys);
                index.Put(store, key, $"{key} {i}".PadRight(100));
                store.Clean(400, index);
                Publish();
                store.Commit(new Cut([i]));
            }
            await done.CancelAsync();
            await Task.WhenAll(reading).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.InRange(index.Moves, 100, int.MaxValue);

            void Publish()
            {
                lock (addresses)
                    foreach (var (key, address) in index.Addresses)
                        addresses[key] = address;
            }
        }
    }
}
