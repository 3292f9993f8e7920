using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;

namespace Kappa.Grains.Hosting;

/// <summary>See <see cref="BesideViewAttribute"/>.</summary>
[GenerateSerializer, Immutable]
internal sealed class BesideViewPlacement : PlacementStrategy
{
    private const string ByNumberKey = "kappa.by-number";

    [Id(0)]
    public bool ByNumber { get; set; }

    public override void Initialize(GrainProperties properties) => ByNumber = properties.Properties.ContainsKey(ByNumberKey);

    public override void PopulateGrainProperties(IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (ByNumber)
            properties[ByNumberKey] = "true";
        base.PopulateGrainProperties(services, grainClass, grainType, properties);
    }
}
