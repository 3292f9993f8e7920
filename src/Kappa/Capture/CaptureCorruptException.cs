namespace Kappa.Capture;

/// <summary>A capture file is not what was written, or no capture file at all. Nothing from the damaged place was handed out.</summary>
public sealed class CaptureCorruptException(string file, long offset, string what, Exception? cause = null)
    : IOException($"The capture file {file} is damaged at byte {offset}: {what}.", cause)
{
    /// <summary>The file, as its store names it.</summary>
    public string File { get; } = file;

    /// <summary>The byte of the file at which it was found; in a packed block, where that block begins.</summary>
    public long Offset { get; } = offset;
}
