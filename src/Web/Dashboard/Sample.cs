namespace Kappa.Web.Dashboard;

/// <summary>
/// How log and views were doing at one moment. Immutable. <paramref name="Seconds"/> holds the events appended per second
/// of the last minutes, oldest first; <paramref name="Problem"/> says why the views could not be asked, or is null.
/// </summary>
public sealed record Sample(IReadOnlyList<PartitionSample> Partitions, IReadOnlyList<ViewSample> Views,
    double Rate, IReadOnlyList<double> Seconds, string? Problem)
{
    public static Sample None { get; } = new([], [], 0, [], null);

    /// <summary>How many events were ever appended.</summary>
    public long Events => Partitions.Sum(partition => partition.Next);

    public long Held => Views.Sum(view => view.Info.Held);

    public long Quarantined => Views.Sum(view => view.Info.Quarantined);
}
