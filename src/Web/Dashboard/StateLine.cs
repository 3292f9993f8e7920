namespace Kappa.Web.Dashboard;

/// <summary>One line of a state, and the version in which it last changed.</summary>
public readonly record struct StateLine(string Text, long ChangedAt);
