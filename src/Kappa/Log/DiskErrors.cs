namespace Kappa.Log;

/// <summary>Tells a full disk from other failures, and makes all of them <see cref="IOException"/>s.</summary>
internal static class DiskErrors
{
    public static void Translate(string path, Action act) => Translate(path, () =>
    {
        act();
        return true;
    });

    public static T Translate<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (Of(e, path) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>What to throw instead of an exception; null if it is right as it is.</summary>
    public static IOException? Of(Exception error, string path) => error switch
    {
        DiskFullException => null,
        IOException e when IsFull(e.HResult) => new DiskFullException($"There is no room left on the disk for {path}.", e),
        UnauthorizedAccessException e => new IOException($"{path} may not be used: {e.Message}", e),
        _ => null,
    };

    /// <summary>No room, or no quota: errno 28 and 122 (69 on macOS); on Windows ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.</summary>
    private static bool IsFull(int code) => OperatingSystem.IsWindows()
        ? code is unchecked((int)0x80070027) or unchecked((int)0x80070070)
        : code is 28 || code == (OperatingSystem.IsLinux() ? 122 : 69);
}
