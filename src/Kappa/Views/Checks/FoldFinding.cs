using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>A problem before a small case was looked for.</summary>
/// <param name="Order">The order in which it showed.</param>
internal sealed record FoldFinding(FoldProblemKind Kind, string? Key, Position? Position, string Reason, EventOrder Order)
{
    public FoldProblem With(FoldCase? found) => new(Kind, Key, Position, Reason, found);
}
