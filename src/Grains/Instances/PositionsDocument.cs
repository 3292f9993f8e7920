using Orleans;

namespace Kappa.Grains.Instances;

/// <summary>A chunk of an instance's older positions, in the order in which they were applied (or held). Never rewritten with others.</summary>
[GenerateSerializer]
public sealed class PositionsDocument
{
    /// <summary>16 bits of partition and 48 bits of sequence each.</summary>
    [Id(0)]
    public ulong[] Packed { get; set; } = [];
}
