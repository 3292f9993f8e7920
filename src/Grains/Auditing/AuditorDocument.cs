using Orleans;

namespace Kappa.Grains.Auditing;

/// <summary>The durable checkpoint of an auditor.</summary>
[GenerateSerializer]
public sealed class AuditorDocument
{
    [Id(0)]
    public long Next { get; set; }

    /// <summary>Events that could not be routed, in order.</summary>
    [Id(1)]
    public List<HeldAtView> Held { get; set; } = [];

    /// <summary>Events that an instance lacked or had too much while streams were expected to bring them.</summary>
    [Id(2)]
    public long Repairs { get; set; }
}
