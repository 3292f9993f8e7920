using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// What an audit found. <paramref name="Routed"/> is computed from the log alone, <paramref name="Applied"/> and
/// <paramref name="Held"/> from the view's store; counts and digests of every instance were compared.
/// </summary>
/// <param name="Complete">True only if everything agrees and nothing is held.</param>
/// <param name="Cut">The cut that all shards were audited to, at least.</param>
/// <param name="Problems">What disagrees, one line each; the first 100.</param>
public sealed record AuditReport(string View, bool Complete, long Routed, long Applied, long Held, Cut Cut,
    IReadOnlyList<AuditedPartition> Partitions, IReadOnlyList<AuditProblem> Problems);
