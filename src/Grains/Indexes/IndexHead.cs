using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>Where a shard's journal begins: what came before stands in its pages.</summary>
[GenerateSerializer]
public sealed class IndexHead
{
    [Id(0)]
    public long First { get; set; }
}
