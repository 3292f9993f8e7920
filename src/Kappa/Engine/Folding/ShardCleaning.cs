using System.Text;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Engine.Store;

namespace Kappa.Engine.Folding;

/// <summary>Tells the store which records are live while it cleans, and remembers which it moved until that is committed.</summary>
internal sealed class ShardCleaning(InstanceTable table, UnroutableEvents unroutable) : IStoreCleaning
{
    private readonly List<(InstanceEntry Entry, StoreAddress Address)> _moved = [];

    public StoreAddress? Current(ReadOnlySpan<byte> record) => InstanceRecord.Is(record)
        ? table.TryGet(Encoding.UTF8.GetString(InstanceRecord.KeyOf(record)), out var entry) ? entry.Committed?.Address : null
        : unroutable.AddressOf(UnroutableRecord.Read(record).Position);

    public void Moved(ReadOnlySpan<byte> record, StoreAddress address)
    {
        if (!InstanceRecord.Is(record))
            unroutable.Set(UnroutableRecord.Read(record), address);
        else if (table.TryGet(Encoding.UTF8.GetString(InstanceRecord.KeyOf(record)), out var entry))
            _moved.Add((entry, address));
    }

    /// <summary>After the commit that holds the moves: readers find the records at their new places.</summary>
    public void Publish()
    {
        foreach (var (entry, address) in _moved)
            entry.Committed = entry.Committed!.Value with { Address = address };
        _moved.Clear();
    }
}
