using Microsoft.Win32.SafeHandles;

namespace Kappa.Log;

/// <summary>A file as long as it was when it was opened; see <see cref="ReadOnlyDisk"/>.</summary>
internal sealed class ReadOnlyFile : IDiskFile
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    public ReadOnlyFile(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Length = RandomAccess.GetLength(_handle);
    }

    public long Length { get; private set; }

    public int Read(long offset, Span<byte> into)
    {
        into = into[..(int)Math.Clamp(Length - offset, 0, into.Length)];
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

    public void Write(long offset, ReadOnlySpan<byte> bytes) => throw ReadOnlyDisk.Refused(_path);

    /// <summary>Shortens what is seen; the file stays as it is.</summary>
    public void SetLength(long length) => Length = Math.Min(Length, length);

    public void Flush()
    {
    }

    public void Dispose() => _handle.Dispose();
}
