using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Engine.Store;

/// <summary>The bytes on the disk, written down: a change of them is a change of the format number.</summary>
public class ShardStoreLayoutTests
{
    private const string Directory = "/store";

    [Fact]
    public void The_bytes_on_the_disk_are_pinned()
    {
        var disk = new SimulatedDisk();
        var index = new KeyIndex();
        using (var store = ShardStore.Open(disk, Directory, new ShardStoreOptions { SegmentBytesMax = 200, GarbageBytesMin = 0 }, index))
        {
            index.Put(store, 1, "one", store.AppendHistory("first"u8));
            index.Put(store, 2, "two");
            store.Commit(new Cut([1, 2]));
            store.Flush();
            index.Put(store, 1, "uno", store.AppendHistory("second"u8));
            store.Commit(new Cut([3, 2]));
            index.Put(store, 2, "due");
            store.Commit(new Cut([3, 4]));
            while (store.Clean(100, index))
            {
            }
            store.Commit(new Cut([3, 5]));
        }
        var bytes = string.Join("\n", disk.Files(Directory).Select(f => f + "\n" + Lines(disk.Bytes($"{Directory}/{f}"))));
        Assert.Equal(Golden, bytes, ignoreLineEndingDifferences: true);
    }

    private static string Lines(byte[] bytes) =>
        string.Join("\n", bytes.Chunk(24).Select(line => Convert.ToHexStringLower(line)));

    private const string Golden = """
        history.log
        05000000bdab585e666972737406000000f5ec277e736563
        6f6e64
        state-00000001.seg
        ff4b53fe0100000001000000000000000000000000000000
        010000000000000000000000000000000d00000000000000
        0d00000000000000a968b3e42e0000001c000000fd862d07
        0f0000006434fe620100000000000000000000006f6e650f
        000000b8eecea302000000ffffffffffffffff74776f0200
        000001000000000000000200000000000000000000000000
        00005250c131ff4b53fe01000000010000005250c1319600
        000000000000020000000000000001000000000000001b00
        0000000000000e00000000000000e5de7e76170000001c00
        000033456b5f0f000000f5add063010000000d0000000000
        0000756e6f02000000030000000000000002000000000000
        000000000000000000c0da529c
        state-00000002.seg
        ff4b53fe0100000002000000c0da529c0000000000000000
        030000000000000001000000000000001b00000000000000
        0000000000000000000000001700000034000000cbae8b70
        0f000000e48bcb9f02000000ffffffffffffffff64756502
        000000030000000000000004000000000000000000000001
        0000000100000015010000000000000200000000000000c0
        da529c483d2b9aff4b53fe0100000002000000483d2b9a97
        00000000000000040000000000000001000000000000001b
        000000000000000000000000000000000000001700000020
        000000348d160f0f000000f5add063010000000d00000000
        000000756e6f020000000300000000000000050000000000
        00000100000001000000000000004f60453e
        """;
}
