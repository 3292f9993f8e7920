using Kappa.Views;

namespace Kappa.Web.Dashboard;

/// <summary>One audit of a view: under way (<see cref="Ended"/> null), proven or refuted by a report, or failed with a problem.</summary>
public sealed record AuditRun(DateTimeOffset Started, DateTimeOffset? Ended = null, AuditReport? Report = null, string? Problem = null);
