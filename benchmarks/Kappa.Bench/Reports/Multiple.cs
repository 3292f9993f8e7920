namespace Kappa.Bench.Reports;

/// <summary>So many times the value of another measure.</summary>
internal sealed record Multiple(string Of, double Times);
