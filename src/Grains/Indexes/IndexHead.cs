using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>Where a shard's journal begins: what came before stands in its pages.</summary>
[GenerateSerializer]
public sealed class IndexHead
{
    [Id(0)]
    public long First { get; set; }

    /// <summary>Below this no stretch of the journal is left; those from here up to the first may still have to be deleted.</summary>
    [Id(1)]
    public long Gone { get; set; }
}
