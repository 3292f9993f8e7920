namespace Kappa.Views.Checks;

/// <summary>What the check found of one view.</summary>
/// <param name="Events">How many events of the log go to at least one instance.</param>
/// <param name="Applied">How many times an event was applied to an instance, in the order of the appends.</param>
/// <param name="Digest">
/// Of all keys and states: equal wherever the same log and the same code give the same states, so that two runs, and two
/// machines, can be compared.
/// </param>
/// <param name="Counts">How many problems of each kind there are, kinds without any left out.</param>
/// <param name="Problems">The first of each kind.</param>
public sealed record FoldCheckedView(string View, int Version, long Events, long Instances, long Applied, string Digest,
    IReadOnlyDictionary<FoldProblemKind, long> Counts, IReadOnlyList<FoldProblem> Problems)
{
    public bool Clean => Counts.Count == 0;
}
