using Orleans;

namespace Kappa.Grains.Instances;

/// <summary>What grain storage holds of an instance: its record, in the form that the embedded engine stores it in too, and how far it was audited.</summary>
[GenerateSerializer]
public sealed class InstanceDocument
{
    /// <summary>See the core's instance record: state, version, digest, marks, the newest positions. Empty if nothing was ever stored.</summary>
    [Id(0)]
    public byte[] Record { get; set; } = [];

    /// <summary>For each partition, packed, the sequence below which its positions were proven against the log.</summary>
    [Id(1)]
    public ulong[] Audited { get; set; } = [];
}
