using Orleans;

namespace Kappa.Grains.Instances;

/// <summary>A chunk of an instance's older positions, in the order in which they were applied (or held). Written once under an id of its own.</summary>
[GenerateSerializer]
public sealed class PositionsDocument
{
    /// <summary>16 bits of partition and 48 bits of sequence each.</summary>
    [Id(0)]
    public ulong[] Packed { get; set; } = [];

    /// <summary>The id of the chunk before it; -1 if it is the first.</summary>
    [Id(1)]
    public long Before { get; set; } = -1;
}
