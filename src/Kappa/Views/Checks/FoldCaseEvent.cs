using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>One event of a case.</summary>
/// <param name="Data">The data as text.</param>
/// <param name="Reload">True if the state was stored and read back before it.</param>
public sealed record FoldCaseEvent(Position Position, string Type, string Id, string Data, bool Reload);
