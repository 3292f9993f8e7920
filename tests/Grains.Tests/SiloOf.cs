using Orleans;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Kappa.Grains.Tests;

/// <summary>Where grains are, as the cluster's management says.</summary>
internal static class SiloOf
{
    /// <summary>The silo of the grain whose key this is; null if it is nowhere.</summary>
    public static async Task<SiloAddress?> GrainAsync(InProcessSiloHandle through, string key)
    {
        var management = ((IGrainFactory)through.ServiceProvider.GetService(typeof(IGrainFactory))!).GetGrain<IManagementGrain>(0);
        return (await management.GetDetailedGrainStatistics()).FirstOrDefault(grain => grain.GrainId.Key.ToString() == key && grain.GrainType.Contains("Index", StringComparison.OrdinalIgnoreCase))?.SiloAddress;
    }
}
