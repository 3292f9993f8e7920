namespace Kappa.Capture;

/// <summary>What the path of a capture file says.</summary>
/// <param name="Space">The namespace.</param>
/// <param name="Second">Seconds since 0001-01-01 UTC; one file per partition and second.</param>
public readonly record struct CaptureName(string Space, string Hub, string Partition, long Second);
