namespace Kappa.Capture;

/// <summary>What one round of <see cref="LogCapture"/> did.</summary>
/// <param name="Files">The files that were written and read back.</param>
/// <param name="Events">How many events they hold.</param>
/// <param name="Bytes">How large they are together.</param>
/// <param name="Retired">How many events left the local segments.</param>
/// <param name="Problems">One sentence for each partition that could not be captured or retired.</param>
public sealed record CaptureReport(IReadOnlyList<string> Files, long Events, long Bytes, long Retired, IReadOnlyList<string> Problems);
