namespace Kappa.Log;

/// <summary>Where a partition ended when it was closed in good order.</summary>
/// <param name="Segment">The base sequence of its last segment.</param>
/// <param name="Bytes">That segment's length.</param>
internal sealed record CleanEnd(int Partition, long Segment, long Bytes, long Next);
