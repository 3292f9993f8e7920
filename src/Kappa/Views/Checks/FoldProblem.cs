using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>One thing wrong with a view.</summary>
/// <param name="Key">The instance; null if the event goes to none.</param>
/// <param name="Position">The event at which it shows; null if only the final state does.</param>
/// <param name="Case">A small case that shows it; null if none was found among the instance's first events.</param>
public sealed record FoldProblem(FoldProblemKind Kind, string? Key, Position? Position, string Reason, FoldCase? Case);
