namespace Kappa.Views;

/// <summary>What a rebuild would read and about how long it would take, judged by folding a sample of the log.</summary>
public sealed record RebuildEstimate(string View, int Version, long Events, long Bytes, TimeSpan Duration);
