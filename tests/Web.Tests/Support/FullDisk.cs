using Kappa.Log;

namespace Kappa.Tests;

/// <summary>The machine's disk, which has no room left for the log for as long as a test says so.</summary>
internal sealed class FullDisk : IDisk
{
    private static readonly PhysicalDisk _disk = PhysicalDisk.Instance;

    public volatile bool IsFull;

    public IDiskFile Open(string path) => new FullFile(this, _disk.Open(path));
    public bool Exists(string path) => _disk.Exists(path);
    public IReadOnlyList<string> Files(string directory) => _disk.Files(directory);
    public IReadOnlyList<string> Directories(string directory) => _disk.Directories(directory);
    public void CreateDirectory(string path) => _disk.CreateDirectory(path);
    public void Delete(string path) => _disk.Delete(path);
    public void DeleteDirectory(string path) => _disk.DeleteDirectory(path);
    public void Rename(string from, string to) => _disk.Rename(from, to);
    public void FlushDirectory(string directory) => _disk.FlushDirectory(directory);
    public IDisposable Lock(string path) => _disk.Lock(path);

    private sealed class FullFile(FullDisk disk, IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;
        public int Read(long offset, Span<byte> into) => file.Read(offset, into);
        public void SetLength(long length) => file.SetLength(length);
        public void Flush() => file.Flush();
        public void Dispose() => file.Dispose();

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (disk.IsFull)
                throw new DiskFullException("There is no room left on the disk of this test.");
            file.Write(offset, bytes);
        }
    }
}
