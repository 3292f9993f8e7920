using Kappa.Views;

namespace Kappa.Web.Dashboard;

/// <summary>How the last thing that was asked of a view's builds ended, and what a gate had against it.</summary>
public sealed record RebuildNote(bool Done, string Text, IReadOnlyList<GateRefusal> Refusals);
