namespace Kappa.Views.Checks;

/// <summary>What became of an instance in one fold of the log, small enough to be kept for every key.</summary>
/// <param name="Hash">Of key and state bytes; 0 without a state.</param>
/// <param name="Stopped">Why it could not be folded to the end; null if it was.</param>
internal readonly record struct FoldOutcome(long Version, UInt128 Hash, FoldStop? Stopped);
