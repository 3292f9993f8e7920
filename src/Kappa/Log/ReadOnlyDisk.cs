using System.Collections.Concurrent;

namespace Kappa.Log;

/// <summary>
/// The machine's own file system for somebody who must not change it, since another process may be writing there: files
/// are opened as long as they are at that moment, and cutting or deleting one only changes what is seen through this
/// object. Thread-safe.
/// </summary>
internal sealed class ReadOnlyDisk : IDisk
{
    private readonly ConcurrentDictionary<string, bool> _hidden = new(StringComparer.Ordinal);

    /// <exception cref="FileNotFoundException">It is not there: nothing is made.</exception>
    public IDiskFile Open(string path) => DiskErrors.Translate(path, () => new ReadOnlyFile(path));

    public bool Exists(string path) => !_hidden.ContainsKey(path) && PhysicalDisk.Instance.Exists(path);

    public IReadOnlyList<string> Files(string directory) =>
        [.. PhysicalDisk.Instance.Files(directory).Where(name => !_hidden.ContainsKey(Path.Combine(directory, name)))];

    public IReadOnlyList<string> Directories(string directory) => PhysicalDisk.Instance.Directories(directory);

    /// <summary>Nothing: what is only read need not be made durable.</summary>
    public void FlushDirectory(string directory)
    {
    }

    /// <summary>Hides the file; it stays as it is.</summary>
    public void Delete(string path) => _hidden[path] = true;

    public void CreateDirectory(string path) => throw Refused(path);
    public void DeleteDirectory(string path) => throw Refused(path);
    public void Rename(string from, string to) => throw Refused(from);
    public IDisposable Lock(string path) => throw Refused(path);

    internal static InvalidOperationException Refused(string path) => new($"{path} was opened to be read only.");
}
