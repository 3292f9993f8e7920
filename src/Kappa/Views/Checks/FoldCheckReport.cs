using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>What the check found.</summary>
/// <param name="Cut">Up to where the log was folded.</param>
public sealed record FoldCheckReport(Cut Cut, int Seed, IReadOnlyList<FoldCheckedView> Views)
{
    public bool Clean => Views.All(view => view.Clean);
}
