using Kappa.Engine.Builds;
using Kappa.Engine.Folding;
using Kappa.Engine.Instances;
using Kappa.Engine.Store;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine;

/// <summary>The stores of a build, opened, with the tables that were filled from them.</summary>
internal sealed class OpenShards : IDisposable
{
    public List<ShardStore> Stores { get; } = [];
    public List<InstanceTable> Tables { get; } = [];
    public List<UnroutableEvents> Unroutable { get; } = [];

    /// <exception cref="StoreCorruptException">A store is damaged; none stays open.</exception>
    public static OpenShards Of(IDisk disk, BuildDirectory build, View view)
    {
        var opened = new OpenShards();
        try
        {
            for (var i = 0; i < build.Info.Shards; i++)
            {
                var (table, unroutable) = (new InstanceTable(view), new UnroutableEvents());
                opened.Stores.Add(ShardStore.Open(disk, build.Shard(i), new ShardStoreOptions(), new ShardRecovery(table, unroutable)));
                opened.Tables.Add(table);
                opened.Unroutable.Add(unroutable);
            }
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>False if a store has folded events that the log does not have: it lost its unflushed end, and may get other events there.</summary>
    public bool FitsIn(ILogReader log) => Stores.TrueForAll(store =>
        Enumerable.Range(0, log.PartitionCount).All(partition => store.Watermark[partition] <= log.Next(partition)));

    public void Dispose()
    {
        foreach (var store in Stores)
            store.Dispose();
    }
}
