namespace Kappa.Views;

/// <summary>A disagreement between log and view. Key null: it concerns the view as a whole.</summary>
public sealed record AuditProblem(string? Key, string Reason);
