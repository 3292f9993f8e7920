using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>A page or a stretch of the journal of an index shard.</summary>
[GenerateSerializer]
public sealed class IndexEntries
{
    [Id(0)]
    public List<IndexEntry> Items { get; set; } = [];
}
