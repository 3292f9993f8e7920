using Kappa.Log;

namespace Kappa.Tests.Backups;

/// <summary>A disk to read from that tells when a file was opened for the first time, so that a test can change things just then.</summary>
internal sealed class WatchedDisk(Action<string> opened) : IDisk
{
    private readonly ReadOnlyDisk _disk = new();
    private readonly HashSet<string> _told = [];

    public IDiskFile Open(string path)
    {
        var file = _disk.Open(path);
        if (_told.Add(path))
            opened(path);
        return file;
    }

    public bool Exists(string path) => _disk.Exists(path);
    public IReadOnlyList<string> Files(string directory) => _disk.Files(directory);
    public IReadOnlyList<string> Directories(string directory) => _disk.Directories(directory);
    public void CreateDirectory(string path) => _disk.CreateDirectory(path);
    public void Delete(string path) => _disk.Delete(path);
    public void DeleteDirectory(string path) => _disk.DeleteDirectory(path);
    public void Rename(string from, string to) => _disk.Rename(from, to);
    public void FlushDirectory(string directory) => _disk.FlushDirectory(directory);
    public IDisposable Lock(string path) => _disk.Lock(path);
}
