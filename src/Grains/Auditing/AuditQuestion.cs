using Kappa.Grains.Streams;
using Orleans;

namespace Kappa.Grains.Auditing;

/// <summary>
/// What an auditor asks an instance: whether from one sequence of a partition up to another it has exactly these. The events come along
/// where the auditor takes them to be missing, so that the instance need not read them from the log.
/// </summary>
[GenerateSerializer, Immutable]
public sealed record AuditQuestion([property: Id(0)] int Partition, [property: Id(1)] long From, [property: Id(2)] long Next,
    [property: Id(3)] long[] Sequences, [property: Id(4)] EventRun? Events);
