using Kappa.Log;

namespace Kappa.Tests.Disks;

/// <summary>
/// A disk in memory that can crash at any operation, lose what was not flushed, fill up, fail, and flip bits. Content and
/// directory entries become durable only by the flushes that the contract names. Everything random comes from a seed, so
/// that a failure can be replayed. Thread-safe.
/// <code>
///   disk.CrashAfter(17, seed);          // the 18th change fails half done, and so does everything after it
///   ... use it until SimulatedCrashException ...
///   disk = disk.PowerLoss(seed);        // the disk as it comes up again; or disk.Kill(): all writes survive
/// </code>
/// </summary>
public sealed class SimulatedDisk : IDisk
{
    private readonly Dictionary<string, SimulatedNode> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedNode> _durableFiles = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _durableDirectories = new(StringComparer.Ordinal);
    private readonly List<SimulatedEntryChange> _pending = [];
    private readonly HashSet<string> _locks = [];
    private long _crashAfter = long.MaxValue;
    private Random _random = new(0);

    internal Lock Gate { get; } = new();

    /// <summary>How many changes and flushes there were.</summary>
    public long Operations { get; private set; }

    public bool Crashed { get; private set; }

    /// <summary>Once all files together hold this much, writes that need more fail half done with <see cref="DiskFullException"/>. Null: never.</summary>
    public long? FullAfterBytes { get; set; }

    /// <summary>Asked before each operation: an exception to throw instead of doing it, or null.</summary>
    public Func<DiskOperation, string, Exception?>? Fault { get; set; }

    public long BytesUsed => Read(() => _files.Values.Distinct().Sum(node => (long)node.Now.Length));

    /// <summary>Lets so many more operations succeed, then crashes during the next one.</summary>
    public void CrashAfter(long operations, int seed = 0)
    {
        lock (Gate)
            (_crashAfter, _random) = (Operations + operations, Seeded(seed));
    }

    /// <summary>Ends the process: a new disk with every write done so far, flushed or not. This one is dead.</summary>
    public SimulatedDisk Kill()
    {
        lock (Gate)
        {
            Crashed = true;
            return Copy();
        }
    }

    /// <summary>A new disk in the same state, flushed or not, without locks, faults and limits. This one goes on.</summary>
    public SimulatedDisk Copy()
    {
        lock (Gate)
        {
            var copies = _files.Values.Concat(_durableFiles.Values).Concat(_pending.Select(change => change.Node).OfType<SimulatedNode>())
                .Distinct().ToDictionary(node => node, node => node.Copy());
            var copy = new SimulatedDisk();
            foreach (var (path, node) in _files)
                copy._files[path] = copies[node];
            foreach (var (path, node) in _durableFiles)
                copy._durableFiles[path] = copies[node];
            copy._directories.UnionWith(_directories);
            copy._durableDirectories.UnionWith(_durableDirectories);
            copy._pending.AddRange(_pending.Select(change => change with { Node = change.Node is null ? null : copies[change.Node] }));
            return copy;
        }
    }

    /// <summary>
    /// Takes the power away: a new disk with everything that was flushed, and of the rest what the seed leaves: of
    /// directory entries the first few changes, of contents any part. This one is dead.
    /// </summary>
    public SimulatedDisk PowerLoss(int seed)
    {
        lock (Gate)
        {
            Crashed = true;
            var random = Seeded(seed);
            foreach (var change in _pending.Take(random.Next(_pending.Count + 1)))
                change.Apply(_durableFiles, _durableDirectories);
            var left = new SimulatedDisk();
            left._durableDirectories.UnionWith(_durableDirectories.Where(HasDurableParents));
            left._directories.UnionWith(left._durableDirectories);
            foreach (var (path, node) in _durableFiles.Where(file => HasDurableParents(file.Key)).OrderBy(file => file.Key, StringComparer.Ordinal))
                left._files[path] = left._durableFiles[path] = node.AfterPowerLoss(random);
            return left;
        }
    }

    /// <summary>Flips one bit of a file on the device.</summary>
    public void Flip(string path, long offset, int bit)
    {
        lock (Gate)
            Node(path).Flip(offset, bit);
    }

    /// <summary>A copy of a file's bytes.</summary>
    public byte[] Bytes(string path) => Read(() => Node(path).Now.Span.ToArray());

    /// <summary>The paths of all files, in ordinal order.</summary>
    public IReadOnlyList<string> AllFiles => Read(() => _files.Keys.Order(StringComparer.Ordinal).ToArray());

    public IDiskFile Open(string path)
    {
        lock (Gate)
        {
            ThrowIfCrashed();
            if (!_files.ContainsKey(path))
            {
                if (!_directories.Contains(Parent(path)))
                    throw new DirectoryNotFoundException($"There is no directory {Parent(path)}.");
                var node = new SimulatedNode();
                Change(DiskOperation.Create, path, () => Enter(new SimulatedEntryChange(DiskOperation.Create, path, null, node)));
            }
            return new SimulatedFile(this, path, _files[path]);
        }
    }

    public bool Exists(string path) => Read(() => _files.ContainsKey(path));

    public IReadOnlyList<string> Files(string directory) => Read(() => Children(_files.Keys, directory));

    public IReadOnlyList<string> Directories(string directory) => Read(() => Children(_directories, directory));

    public void CreateDirectory(string path)
    {
        lock (Gate)
        {
            ThrowIfCrashed();
            if (_directories.Contains(path))
                return;
            if (Parent(path) != path)
                CreateDirectory(Parent(path));
            Change(DiskOperation.CreateDirectory, path, () => Enter(new SimulatedEntryChange(DiskOperation.CreateDirectory, path, null, null)));
        }
    }

    public void Delete(string path) =>
        Change(DiskOperation.Delete, path, () => Enter(new SimulatedEntryChange(DiskOperation.Delete, path, null, null)));

    public void DeleteDirectory(string path)
    {
        lock (Gate)
        {
            ThrowIfCrashed();
            foreach (var file in Children(_files.Keys, path))
                Delete(System.IO.Path.Combine(path, file));
            foreach (var directory in Children(_directories, path))
                DeleteDirectory(System.IO.Path.Combine(path, directory));
            if (_directories.Contains(path))
                Delete(path);
        }
    }

    public void Rename(string from, string to) =>
        Change(DiskOperation.Rename, from, () => Enter(new SimulatedEntryChange(DiskOperation.Rename, from, to, Node(from))));

    public void FlushDirectory(string directory) => Change(DiskOperation.FlushDirectory, directory, () =>
    {
        foreach (var change in _pending.Where(change => Parent(change.Path) == directory))
            change.Apply(_durableFiles, _durableDirectories);
        _pending.RemoveAll(change => Parent(change.Path) == directory);
    });

    public IDisposable Lock(string path)
    {
        lock (Gate)
        {
            ThrowIfCrashed();
            return _locks.Add(path) ? new Held(this, path) : throw new IOException($"Somebody else holds {path}.");
        }
    }

    internal T Read<T>(Func<T> read)
    {
        lock (Gate)
        {
            ThrowIfCrashed();
            return read();
        }
    }

    internal void Change(DiskOperation operation, string path, Action act)
    {
        lock (Gate)
        {
            if (!Step(operation, path))
                throw new SimulatedCrashException();
            act();
        }
    }

    /// <summary>Called under the gate. A write that fails may have been done in part.</summary>
    internal void Write(string path, SimulatedNode node, long offset, ReadOnlySpan<byte> bytes)
    {
        if (!Step(DiskOperation.Write, path))
        {
            node.Write(offset, bytes[.._random.Next(bytes.Length + 1)]);
            throw new SimulatedCrashException();
        }
        var growth = Math.Max(0, offset + bytes.Length - node.Now.Length);
        var room = FullAfterBytes is { } limit ? Math.Max(0, limit - BytesUsed) : long.MaxValue;
        if (growth > room)
        {
            node.Write(offset, bytes[..(int)Math.Max(0, bytes.Length - (growth - room))]);
            throw new DiskFullException($"There is no room left on the simulated disk for {path}.");
        }
        node.Write(offset, bytes);
    }

    internal void ThrowIfCrashed()
    {
        if (Crashed)
            throw new SimulatedCrashException();
    }

    /// <summary>Counts an operation; false if the machine goes down during it.</summary>
    private bool Step(DiskOperation operation, string path)
    {
        ThrowIfCrashed();
        if (Fault?.Invoke(operation, path) is { } fault)
            throw fault;
        Crashed = Operations >= _crashAfter;
        Operations++;
        return !Crashed;
    }

    private void Enter(SimulatedEntryChange change)
    {
        change.Apply(_files, _directories);
        _pending.Add(change);
    }

    private SimulatedNode Node(string path) =>
        _files.TryGetValue(path, out var node) ? node : throw new FileNotFoundException($"There is no file {path}.", path);

    private bool HasDurableParents(string path)
    {
        for (var parent = Parent(path); parent != Parent(parent); parent = Parent(parent))
            if (!_durableDirectories.Contains(parent))
                return false;
        return true;
    }

    private static string[] Children(IEnumerable<string> paths, string directory) =>
        [.. paths.Where(path => path != directory && Parent(path) == directory).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Generators of neighbouring seeds begin alike, so seeds are mixed first.</summary>
    private static Random Seeded(int seed) => new((int)Kappa.Log.StableHash.Avalanche((ulong)seed + 1));

    private static string Parent(string path) => System.IO.Path.GetDirectoryName(path) ?? path;

    private sealed class Held(SimulatedDisk disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk.Gate)
                disk._locks.Remove(path);
        }
    }
}
