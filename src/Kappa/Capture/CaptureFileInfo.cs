namespace Kappa.Capture;

/// <summary>What a capture file holds.</summary>
/// <param name="Name">Its name in its store.</param>
/// <param name="Origin">Which log it is of; null for files by others.</param>
/// <param name="First">The sequence of its first event; null if it has none.</param>
/// <param name="Last">The sequence of its last event.</param>
/// <param name="From">When its first event was appended (or taken by its hub), if it says so.</param>
/// <param name="IsProven">True if the checksum of every byte was compared; files by others carry none.</param>
public sealed record CaptureFileInfo(string Name, CaptureOrigin? Origin, long? First, long? Last, long Events, long Bytes,
    DateTimeOffset? From, DateTimeOffset? To, bool IsProven);
