using System.Runtime.CompilerServices;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>Capture files in a directory. A file is written under another name, flushed, renamed, and then its directory is flushed.</summary>
public sealed class DirectoryCaptureStore(string directory, IDisk? disk = null) : ICaptureStore
{
    private const string Unfinished = ".new";

    private readonly IDisk _disk = disk ?? PhysicalDisk.Instance;

    /// <summary>The directory, absolute.</summary>
    public string Directory { get; } = Path.GetFullPath(directory);

    public string Describe(string name) => PathOf(name);

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        // Below the last slash of the prefix; what does not begin with the rest is passed over.
        var slash = prefix.LastIndexOf('/');
        foreach (var name in Names(slash < 0 ? "" : prefix[..slash]))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                yield return name;
        }
    }

    public ValueTask<long?> LengthAsync(string name, CancellationToken cancellationToken = default)
    {
        var path = PathOf(name);
        if (!_disk.Exists(path))
            return new((long?)null);
        using var file = _disk.Open(path);
        return new(file.Length);
    }

    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> into, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(name);
        // Opening makes a file that is missing, and an empty file would then pass for what was there.
        if (!_disk.Exists(path))
            throw new FileNotFoundException($"The capture file {path} is missing. Restore it from a backup.", path);
        using var file = _disk.Open(path);
        return new(file.Read(offset, into.Span));
    }

    public ValueTask<ICaptureUpload> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        var path = PathOf(name);
        MakeDirectory(Path.GetDirectoryName(path)!);
        return new(new Upload(_disk, path));
    }

    /// <summary>The directories on the way are new as a rule, and a file is only as durable as the way to it.</summary>
    private void MakeDirectory(string directory)
    {
        _disk.CreateDirectory(directory);
        for (var made = directory; made is not null; made = Path.GetDirectoryName(made))
        {
            _disk.FlushDirectory(made);
            if (made == Directory)
                break;
        }
        for (var above = Path.GetDirectoryName(Directory); above is not null && !_rooted; above = Path.GetDirectoryName(above))
            _disk.FlushDirectory(above);
        _rooted = true;
    }

    private bool _rooted;

    private IEnumerable<string> Names(string below)
    {
        var directory = PathOf(below);
        // A file and a directory of one name but for the extension sort by the character behind it: '.' comes before '/'.
        var files = _disk.Files(directory).Where(name => !name.EndsWith(Unfinished, StringComparison.Ordinal)).Select(name => (Key: name, IsFile: true));
        var directories = _disk.Directories(directory).Select(name => (Key: name + "/", IsFile: false));
        foreach (var (key, isFile) in files.Concat(directories).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var name = below.Length == 0 ? key : $"{below}/{key}";
            if (isFile)
                yield return name;
            else
                foreach (var deeper in Names(name[..^1]))
                    yield return deeper;
        }
    }

    private string PathOf(string name) => name.Length == 0 ? Directory : Path.Combine(Directory, Path.Combine(name.Split('/')));

    private sealed class Upload(IDisk disk, string path) : ICaptureUpload
    {
        private IDiskFile? _file;
        private long _length;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_file is null)
            {
                _file = disk.Open(path + Unfinished);
                // A crash may have left one.
                _file.SetLength(0);
            }
            _file.Write(_length, bytes.Span);
            _length += bytes.Length;
            return default;
        }

        public ValueTask CompleteAsync(CancellationToken cancellationToken = default)
        {
            var file = _file ?? throw new InvalidOperationException("Nothing was written.");
            file.Flush();
            file.Dispose();
            _file = null;
            disk.Rename(path + Unfinished, path);
            disk.FlushDirectory(Path.GetDirectoryName(path)!);
            return default;
        }

        public ValueTask DisposeAsync()
        {
            if (_file is null)
                return default;
            _file.Dispose();
            _file = null;
            try
            {
                disk.Delete(path + Unfinished);
            }
            catch (IOException)
            {
                // It is seen by nobody, and overwritten when this place is written again.
            }
            return default;
        }
    }
}
