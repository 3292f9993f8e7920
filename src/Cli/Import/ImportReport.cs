namespace Kappa.Cli.Import;

/// <summary>What <c>kappa import --json</c> says of one file.</summary>
internal sealed record ImportReport(string File, long Events, long Appended, long Duplicates, long ImportedBefore, double Seconds);
