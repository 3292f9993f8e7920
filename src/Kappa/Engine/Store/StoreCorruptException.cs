namespace Kappa.Engine.Store;

/// <summary>
/// Stored bytes are not what was written. Nothing of the damaged place was served. The store is derived from the log:
/// the way out is to discard the build and fold it again.
/// </summary>
internal sealed class StoreCorruptException(string path, long offset, string what, Exception? cause = null)
    : IOException($"The view store is damaged: {path} at byte {offset}: {what}. The build must be folded again from the log.", cause)
{
    public string Path { get; } = path;

    public long Offset { get; } = offset;
}
