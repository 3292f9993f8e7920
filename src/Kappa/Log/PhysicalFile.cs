using Microsoft.Win32.SafeHandles;

namespace Kappa.Log;

/// <summary>A file of the machine's own file system.</summary>
internal sealed class PhysicalFile(string path) : IDiskFile
{
    private readonly SafeFileHandle _handle =
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(long offset, Span<byte> into)
    {
        var total = 0;
        while (total < into.Length)
        {
            var read = RandomAccess.Read(_handle, into[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (Exception e) when (DiskErrors.Of(e, path) is { } translated)
        {
            throw translated;
        }
    }

    public void SetLength(long length) => DiskErrors.Translate(path, () => RandomAccess.SetLength(_handle, length));

    public void Flush() => DiskErrors.Translate(path, () => RandomAccess.FlushToDisk(_handle));

    public void Dispose() => _handle.Dispose();
}
