using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>A stretch of the journal of an index shard.</summary>
[GenerateSerializer]
public sealed class IndexJournal
{
    /// <summary>Its place among all that were ever written, from 0.</summary>
    [Id(0)]
    public long Number { get; set; }

    /// <summary>At least one.</summary>
    [Id(1)]
    public List<IndexEntry> Items { get; set; } = [];
}
