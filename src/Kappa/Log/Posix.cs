using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kappa.Log;

/// <summary>The few calls that .NET does not offer: opening a directory to flush it, reading a file that is locked.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0;

    /// <summary>Returns once creations, renames and deletions in a directory survive a loss of power.</summary>
    public static void FlushDirectory(string path)
    {
        using var handle = Open(path);
        if (FSync(handle) != 0)
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

    private static SafeFileHandle Open(string path)
    {
        var handle = new SafeFileHandle(OpenFile(path, ReadOnly), ownsHandle: true);
        return handle.IsInvalid ? throw Failure("open", path) : handle;
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
