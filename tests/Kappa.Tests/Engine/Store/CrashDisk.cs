using System.Runtime.InteropServices;
using Kappa.Log;

namespace Kappa.Tests.Engine.Store;

/// <summary>The machine stopped. No I/O error: nothing may treat it as one.</summary>
internal sealed class CrashException : Exception;

/// <summary>
/// A disk in memory that stops at a chosen operation, tears the write under way, forgets or reorders what was not
/// flushed when the power goes, and fills up.
/// </summary>
internal sealed class CrashDisk(int seed) : IDisk
{
    private readonly Random _random = new(seed);
    private Dictionary<string, Content> _names = [], _durableNames = [];
    private List<(string Path, Content? Content)> _pendingNames = [];

    /// <summary>Operations since the last <see cref="Restart"/> that change the disk.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation that is not completed; 0 for none.</summary>
    public int CrashAt { get; set; }

    public long RoomBytes { get; set; } = long.MaxValue;

    public byte[] this[string path]
    {
        get => [.. _names[path].Now];
        set => _names[path].Now = [.. value];
    }

    /// <summary>The process ended; what it had written is there.</summary>
    public void Restart() => (Operations, CrashAt) = (0, 0);

    public CrashDisk Copy(int copySeed)
    {
        var copies = _names.Values.Concat(_durableNames.Values).Concat(_pendingNames.Where(n => n.Content is not null).Select(n => n.Content!))
            .Distinct().ToDictionary(c => c, c => new Content { Now = [.. c.Now], Durable = [.. c.Durable], Pending = [.. c.Pending] });
        return new CrashDisk(copySeed)
        {
            _names = _names.ToDictionary(n => n.Key, n => copies[n.Value]),
            _durableNames = _durableNames.ToDictionary(n => n.Key, n => copies[n.Value]),
            _pendingNames = [.. _pendingNames.Select(n => (n.Path, n.Content is null ? null : copies[n.Content]))],
        };
    }

    /// <summary>Of everything that was not flushed any part may have reached the disk, in any order.</summary>
    public void LosePower()
    {
        foreach (var content in _names.Values.Concat(_durableNames.Values).Distinct())
        {
            content.Now = content.Durable;
            foreach (var (offset, bytes) in content.Pending)
                switch (_random.Next(4))
                {
                    case 0: break;
                    case 1: content.Apply(offset, bytes?[.._random.Next(bytes.Length + 1)]); break;
                    case 2 when bytes is { Length: > 40 }: content.Apply(offset + 20, bytes[20..]); break;
                    default: content.Apply(offset, bytes); break;
                }
            content.Durable = [.. content.Now];
            content.Pending.Clear();
        }
        foreach (var (path, content) in _pendingNames)
            if (_random.Next(2) == 0)
                Rename(_durableNames, path, content);
        _pendingNames.Clear();
        _names = new(_durableNames);
        Restart();
    }

    public IDiskFile Open(string path)
    {
        if (!_names.TryGetValue(path, out var content))
        {
            Step();
            _names[path] = content = new Content();
            _pendingNames.Add((path, content));
        }
        return new File(this, content);
    }

    public void Delete(string path)
    {
        Step();
        _names.Remove(path);
        _pendingNames.Add((path, null));
    }

    public void FlushDirectory(string directory)
    {
        Step();
        foreach (var (path, content) in _pendingNames.Where(n => Path.GetDirectoryName(n.Path) == directory))
            Rename(_durableNames, path, content);
        _pendingNames.RemoveAll(n => Path.GetDirectoryName(n.Path) == directory);
    }

    public bool Exists(string path) => _names.ContainsKey(path);
    public IReadOnlyList<string> Files(string directory) =>
        [.. _names.Keys.Where(p => Path.GetDirectoryName(p) == directory).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
    public IReadOnlyList<string> Directories(string directory) => [];
    public void CreateDirectory(string path) { }
    public void DeleteDirectory(string path) => throw new NotSupportedException();
    public void Rename(string from, string to) => throw new NotSupportedException();
    public IDisposable Lock(string path) => throw new NotSupportedException();

    private static void Rename(Dictionary<string, Content> names, string path, Content? content)
    {
        if (content is null)
            names.Remove(path);
        else
            names[path] = content;
    }

    private void Step()
    {
        if (CrashAt > 0 && ++Operations >= CrashAt)
            throw new CrashException();
    }

    private sealed class Content
    {
        public List<byte> Now { get; set; } = [];
        public List<byte> Durable { get; set; } = [];
        public List<(long Offset, byte[]? Bytes)> Pending { get; init; } = [];

        public void Do(long offset, byte[]? bytes)
        {
            Pending.Add((offset, bytes));
            Apply(offset, bytes);
        }

        /// <summary>Without bytes it is a new length.</summary>
        public void Apply(long offset, byte[]? bytes)
        {
            var end = (int)offset + (bytes?.Length ?? 0);
            if (bytes is null && end < Now.Count)
                Now.RemoveRange(end, Now.Count - end);
            if (bytes is { Length: 0 })
                return;
            if (end > Now.Count)
                // Not cleared: a hole may show what once stood there.
                CollectionsMarshal.SetCount(Now, end);
            bytes?.CopyTo(CollectionsMarshal.AsSpan(Now)[(int)offset..]);
        }
    }

    private sealed class File(CrashDisk disk, Content content) : IDiskFile
    {
        public long Length => content.Now.Count;

        public int Read(long offset, Span<byte> into)
        {
            var count = (int)Math.Clamp(content.Now.Count - offset, 0, into.Length);
            if (count > 0)
                CollectionsMarshal.AsSpan(content.Now).Slice((int)offset, count).CopyTo(into);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            try
            {
                disk.Step();
            }
            catch (CrashException)
            {
                content.Do(offset, bytes[..disk._random.Next(bytes.Length + 1)].ToArray());
                throw;
            }
            var growth = Math.Max(0, offset + bytes.Length - content.Now.Count);
            if (growth > disk.RoomBytes)
            {
                content.Do(offset, bytes[..(int)Math.Max(0, bytes.Length - growth + disk.RoomBytes)].ToArray());
                disk.RoomBytes = 0;
                throw new DiskFullException("full");
            }
            disk.RoomBytes -= growth;
            content.Do(offset, bytes.ToArray());
        }

        public void SetLength(long length)
        {
            disk.Step();
            content.Do(length, null);
        }

        public void Flush()
        {
            disk.Step();
            if (content.Pending.Count > 0)
                content.Durable = [.. content.Now];
            content.Pending.Clear();
        }

        public void Dispose() { }
    }
}
