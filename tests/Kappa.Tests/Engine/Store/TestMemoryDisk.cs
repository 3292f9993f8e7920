using Kappa.Log;

namespace Kappa.Tests.Engine.Store;

/// <summary>Files in memory, nothing more.</summary>
internal sealed class TestMemoryDisk : IDisk
{
    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);

    public IDiskFile Open(string path)
    {
        if (!_files.TryGetValue(path, out var file))
            _files[path] = file = new MemoryFile();
        return file;
    }

    public byte[] this[string path] => _files[path].Bytes;
    public bool Exists(string path) => _files.ContainsKey(path);
    public IReadOnlyList<string> Files(string directory) => [.. _files.Keys.Where(p => Path.GetDirectoryName(p) == directory).Select(p => Path.GetFileName(p)!)];
    public IReadOnlyList<string> Directories(string directory) => [];
    public void CreateDirectory(string path) { }
    public void Delete(string path) => _files.Remove(path);
    public void DeleteDirectory(string path) => throw new NotSupportedException();
    public void Rename(string from, string to) => throw new NotSupportedException();
    public void FlushDirectory(string directory) { }
    public IDisposable Lock(string path) => throw new NotSupportedException();

    private sealed class MemoryFile : IDiskFile
    {
        public byte[] Bytes { get; private set; } = [];
        public long Length => Bytes.Length;

        public int Read(long offset, Span<byte> into)
        {
            var count = (int)Math.Clamp(Bytes.Length - offset, 0, into.Length);
            Bytes.AsSpan((int)Math.Min(offset, Bytes.Length), count).CopyTo(into);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (Bytes.Length < offset + bytes.Length)
                SetLength(offset + bytes.Length);
            bytes.CopyTo(Bytes.AsSpan((int)offset));
        }

        public void SetLength(long length)
        {
            var bytes = Bytes;
            Array.Resize(ref bytes, (int)length);
            Bytes = bytes;
        }

        public void Flush() { }
        public void Dispose() { }
    }
}
