using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Engine.Store;

namespace Kappa.Engine.Folding;

/// <summary>Fills a shard's table from its store when it is opened, record by record.</summary>
internal sealed class ShardRecovery(InstanceTable table, UnroutableEvents unroutable) : IStoreRecovery
{
    public StoreAddress? Recovered(ReadOnlySpan<byte> record, StoreAddress address)
    {
        if (!InstanceRecord.Is(record))
            return unroutable.Set(UnroutableRecord.Read(record), address);
        var read = InstanceRecord.Read(record);
        var entry = table.TryGet(read.Key, out var known) ? known : table.Add(read.Key);
        var was = entry.Committed?.Address;
        table.Publish([new Published(entry,
            new CommittedInstance(address, read.Version, read.Generation, read.TimeTicks, read.HasState, read.HeldCount))],
            read.LookupValues, read.RankValues);
        return was;
    }
}
