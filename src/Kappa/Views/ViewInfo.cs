using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// How a view is doing. <paramref name="Lag"/> is the number of events between its watermark and the end of the log.
/// <paramref name="Applied"/> counts applications since the view was built; <paramref name="Quarantined"/> instances, and
/// <paramref name="Held"/> events held for instances or at the view itself.
/// </summary>
public sealed record ViewInfo(
    string View, int Version, ViewStatus Status, long Instances, Cut Watermark, long Lag,
    long Applied, long Quarantined, long Held, string? Problem,
    IReadOnlyList<LookupDefinition> Lookups, IReadOnlyList<RankDefinition> Ranks)
{
    /// <summary>For each partition, how many events instances lacked or had too much, and got right by the engine; null for an engine whose deliveries cannot go wrong.</summary>
    public IReadOnlyList<long>? Repairs { get; init; }
}
