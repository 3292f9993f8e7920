namespace Kappa.Web.Dashboard;

/// <summary>One partition at the time of a sample. <paramref name="Rate"/> is in events appended per second.</summary>
public sealed record PartitionSample(int Partition, long First, long Next, double Rate);
