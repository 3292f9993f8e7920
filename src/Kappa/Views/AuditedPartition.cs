namespace Kappa.Views;

/// <summary>One partition of an audit: how many events were read, and how many applications they call for.</summary>
public sealed record AuditedPartition(int Partition, long Events, long Routed);
