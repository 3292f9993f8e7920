namespace Kappa.Capture;

/// <summary>Which log a capture file of our own holds a part of; it stands in the file's header.</summary>
/// <param name="Partitions">How many partitions that log has.</param>
/// <param name="First">The sequence of the file's first event.</param>
public sealed record CaptureOrigin(long LogId, int Partition, int Partitions, long First);
