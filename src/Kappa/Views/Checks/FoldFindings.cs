namespace Kappa.Views.Checks;

/// <summary>Counts all problems of a view and keeps the first of each kind.</summary>
internal sealed class FoldFindings(int keptMax)
{
    private readonly SortedDictionary<FoldProblemKind, long> _counts = [];
    private readonly List<FoldFinding> _kept = [];

    public IReadOnlyDictionary<FoldProblemKind, long> Counts => _counts;

    /// <summary>By kind, then in the order in which they were found.</summary>
    public IReadOnlyList<FoldFinding> Kept => [.. _kept.OrderBy(finding => finding.Kind)];

    public void Add(FoldFinding finding)
    {
        var count = _counts[finding.Kind] = _counts.GetValueOrDefault(finding.Kind) + 1;
        if (count <= keptMax)
            _kept.Add(finding);
    }
}
