using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>What counts of a shard's documents: its pages, and where its journal begins, what came before standing in the pages.</summary>
[GenerateSerializer]
public sealed class IndexHead
{
    /// <summary>The number of the first stretch of the journal that the pages do not have.</summary>
    [Id(0)]
    public long First { get; set; }

    /// <summary>The numbers of the pages.</summary>
    [Id(1)]
    public List<long> Pages { get; set; } = [];

    /// <summary>From here on no number was ever given to a page.</summary>
    [Id(2)]
    public long NextPage { get; set; }

    /// <summary>Pages that do not count and may still be there: replaced ones, and those that are being written.</summary>
    [Id(3)]
    public List<long> Loose { get; set; } = [];
}
