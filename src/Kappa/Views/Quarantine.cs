using Kappa.Log;

namespace Kappa.Views;

/// <summary>The event that an instance stopped at, and what its fold said.</summary>
public sealed record Quarantine(Position Position, string Reason);
