using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>Where and why an instance could not be folded on.</summary>
internal sealed record FoldStop(FoldProblemKind Kind, Position? Position, string Reason);
