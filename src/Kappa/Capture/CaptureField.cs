namespace Kappa.Capture;

/// <summary>The fields of a captured event.</summary>
internal enum CaptureField
{
    Other,
    SequenceNumber,
    Offset,
    EnqueuedTimeUtc,
    SystemProperties,
    Properties,
    Body,
}
