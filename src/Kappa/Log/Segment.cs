using System.Globalization;

namespace Kappa.Log;

/// <summary>
/// One file of a partition: the frames from its base sequence on. One thread writes behind <see cref="Length"/>; any
/// number read before it. The file is opened when it is first needed.
/// </summary>
internal sealed class Segment(IDisk disk, string directory, long baseSequence) : IDisposable
{
    private const string Extension = ".log";

    private readonly Lock _opening = new();
    private IDiskFile? _file;
    private long _length;
    private bool _closed;

    public string Path { get; } = System.IO.Path.Combine(directory, NameOf(baseSequence));
    public long Base { get; } = baseSequence;
    public SegmentIndex Index { get; } = new(baseSequence);

    /// <summary>How many bytes hold published frames; what stands behind is nobody's business but the writer's.</summary>
    public long Length
    {
        get => Volatile.Read(ref _length);
        set => Volatile.Write(ref _length, value);
    }

    public IDiskFile File
    {
        get
        {
            if (Volatile.Read(ref _file) is { } open)
                return open;
            lock (_opening)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                _file ??= disk.Open(Path);
                return _file;
            }
        }
    }

    public static string NameOf(long baseSequence) => baseSequence.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    /// <summary>Reads a segment's name; false for any other file.</summary>
    public static bool TryParseName(string name, out long baseSequence)
    {
        baseSequence = 0;
        return name.Length == 20 + Extension.Length
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out baseSequence);
    }

    /// <summary>Closes the file until it is needed again. Only while nobody else uses the segment.</summary>
    public void Release()
    {
        lock (_opening)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    public void Dispose()
    {
        lock (_opening)
        {
            _closed = true;
            _file?.Dispose();
        }
    }
}
