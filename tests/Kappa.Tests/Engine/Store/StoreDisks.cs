using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Engine.Store;

/// <summary>Disks as the tests of crashes and damage need them.</summary>
internal static class StoreDisks
{
    /// <summary>An empty disk on which the folder above the store is durable: that is the engine's care.</summary>
    public static SimulatedDisk NewDisk()
    {
        var disk = new SimulatedDisk();
        disk.CreateDirectory("/data");
        disk.FlushDirectory("/");
        return disk;
    }

    /// <summary>Puts other content into a file.</summary>
    public static void Replace(IDisk disk, string path, ReadOnlySpan<byte> bytes)
    {
        using var file = disk.Open(path);
        file.SetLength(0);
        file.Write(0, bytes);
    }

    /// <summary>Five commits with a record and history, each flushed, and one more, so that a frame says that they are.</summary>
    public static (SimulatedDisk Disk, ShardStore Store, KeyIndex Index) Filled(ShardStoreOptions options, string text = "text")
    {
        var disk = NewDisk();
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
