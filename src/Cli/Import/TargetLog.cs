namespace Kappa.Cli.Import;

/// <summary>Which log a target is at the moment, and how many events it holds.</summary>
internal readonly record struct TargetLog(string Id, long Events);
