using Orleans;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Kappa.Grains.Tests;

/// <summary>Where grains are, as the cluster's management says.</summary>
internal static class SiloOf
{
    /// <summary>The silo of the index shard whose key this is; null if it is nowhere.</summary>
    public static async Task<SiloAddress?> GrainAsync(InProcessSiloHandle through, string key) =>
        (await AllAsync(through, "Index")).FirstOrDefault(grain => grain.Key == key).Silo;

    /// <summary>The silos of all auditors, by their keys: build and partition.</summary>
    public static async Task<Dictionary<string, SiloAddress>> AuditorsAsync(InProcessSiloHandle through) =>
        (await AllAsync(through, "Auditor")).DistinctBy(grain => grain.Key).ToDictionary(grain => grain.Key, grain => grain.Silo);

    /// <summary>Ends all auditors, so that they begin anew where they belong among the silos that there are now.</summary>
    public static async Task MoveAuditorsAsync(InProcessSiloHandle through)
    {
        foreach (var id in (await StatisticsAsync(through)).Where(grain => grain.GrainType.Contains("Auditor", StringComparison.OrdinalIgnoreCase)).Select(grain => grain.GrainId))
            await Factory(through).GetGrain<IGrainManagementExtension>(id).DeactivateOnIdle();
    }

    private static async Task<IEnumerable<(string Key, SiloAddress Silo)>> AllAsync(InProcessSiloHandle through, string type) =>
        (await StatisticsAsync(through)).Where(grain => grain.GrainType.Contains(type, StringComparison.OrdinalIgnoreCase)).Select(grain => (grain.GrainId.Key.ToString()!, grain.SiloAddress));

    private static Task<DetailedGrainStatistic[]> StatisticsAsync(InProcessSiloHandle through) =>
        Factory(through).GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();

    private static IGrainFactory Factory(InProcessSiloHandle silo) => (IGrainFactory)silo.ServiceProvider.GetService(typeof(IGrainFactory))!;
}
