using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kappa.Log;

/// <summary>The few calls that .NET does not offer: opening a directory to flush it, reading a file that is locked.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0;
    private const int AccessDenied = 13;

    /// <summary>EINVAL, EROFS, ENOTSUP of macOS and of Linux: the file system has nothing to flush there.</summary>
    private static ReadOnlySpan<int> NothingToFlush => [22, 30, 45, 95];

    /// <summary>
    /// Returns once creations, renames and deletions in a directory survive a loss of power, as far as its file system
    /// knows such a thing.
    /// </summary>
    public static void FlushDirectory(string path)
    {
        using var handle = new SafeFileHandle(OpenFile(path, ReadOnly), ownsHandle: true);
        // Where we may not look we have made nothing either: that is one of the directories above ours.
        if (handle.IsInvalid && Marshal.GetLastPInvokeError() == AccessDenied)
            return;
        if (handle.IsInvalid)
            throw Failure("open", path);
        if (FSync(handle) != 0 && !NothingToFlush.Contains(Marshal.GetLastPInvokeError()))
            throw Failure("flush", path);
    }

    /// <summary>The first bytes of a file as text, whether it is locked or not; null if it cannot be read.</summary>
    public static string? ReadText(string path)
    {
        using var handle = new SafeFileHandle(OpenFile(path, ReadOnly), ownsHandle: true);
        if (handle.IsInvalid)
            return null;
        Span<byte> bytes = stackalloc byte[32];
        return Encoding.ASCII.GetString(bytes[..RandomAccess.Read(handle, bytes, 0)]);
    }

    private static IOException Failure(string what, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"Could not {what} {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);
}
