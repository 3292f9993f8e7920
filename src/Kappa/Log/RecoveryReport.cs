namespace Kappa.Log;

/// <summary>What was repaired when a log was opened: never anything that had been acknowledged under its flush policy.</summary>
/// <param name="Partition">-1 if it concerns the log as a whole.</param>
/// <param name="BytesCut">How many bytes of an unfinished write were cut off; 0 if nothing was.</param>
public sealed record RecoveryReport(int Partition, long BytesCut, string Reason);
