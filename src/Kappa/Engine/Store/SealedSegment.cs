namespace Kappa.Engine.Store;

/// <summary>
/// What a later frame says about an earlier segment. Frames are chained by checksum, so the last one pins all of the
/// segment: one that is missing, shortened or exchanged is noticed.
/// </summary>
internal readonly record struct SealedSegment(int Number, long Length, long LastCommit, uint LastCrc);
