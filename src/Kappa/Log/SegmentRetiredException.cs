namespace Kappa.Log;

/// <summary>A reader came upon a segment that was retired under its hands: what it looks for is in the capture now.</summary>
internal sealed class SegmentRetiredException(string path) : Exception($"{path} was retired.");
