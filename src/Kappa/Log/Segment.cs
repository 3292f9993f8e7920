using System.Globalization;

namespace Kappa.Log;

/// <summary>
/// One file of a partition: the frames from its base sequence on. One thread writes behind <see cref="Length"/>; any
/// number read before it. The file is opened when it is first needed, and may be closed again once the segment is sealed.
/// </summary>
internal sealed class Segment(IDisk disk, string directory, long baseSequence, SegmentFiles files) : IDisposable
{
    private const string Extension = ".log";

    private readonly Lock _opening = new();
    private IDiskFile? _file;
    private long _length;
    private int _readers;
    private bool _closed, _sealed, _retired;

    public string Path { get; } = System.IO.Path.Combine(directory, NameOf(baseSequence));
    public long Base { get; } = baseSequence;
    public SegmentIndex Index { get; } = new(baseSequence);

    /// <summary>How many bytes hold published frames; what stands behind is nobody's business but the writer's.</summary>
    public long Length
    {
        get => Volatile.Read(ref _length);
        set => Volatile.Write(ref _length, value);
    }

    /// <summary>The CRC and the append time of the last frame, once nothing is written behind it any more.</summary>
    public (uint Crc, long Ticks) End { get; private set; }

    /// <summary>When it was read last, as <see cref="SegmentFiles"/> counts.</summary>
    public long LastRead { get; private set; }

    /// <summary>For the one who writes it, or opens the log: it stays open.</summary>
    public IDiskFile File
    {
        get
        {
            if (Volatile.Read(ref _file) is { } open)
                return open;
            lock (_opening)
            {
                return Opened();
            }
        }
    }

    /// <summary>Reads until the span is full or the file ends; returns how many bytes. Thread-safe.</summary>
    /// <exception cref="SegmentRetiredException">The segment was retired.</exception>
    public int Read(long offset, Span<byte> into)
    {
        IDiskFile file;
        bool isNew;
        lock (_opening)
        {
            isNew = _file is null && _sealed;
            file = Opened();
            _readers++;
            LastRead = files.Tick();
        }
        try
        {
            if (isNew)
                files.Opened(this);
            return file.Read(offset, into);
        }
        finally
        {
            lock (_opening)
                if (--_readers == 0 && _retired)
                    Close();
        }
    }

    /// <summary>Says that nothing will be written here any more; its file may then be closed whenever nobody reads it.</summary>
    public void Seal(uint crc, long ticks)
    {
        bool isOpen;
        lock (_opening)
            (End, _sealed, isOpen) = ((crc, ticks), true, _file is not null);
        if (isOpen)
            files.Opened(this);
    }

    /// <summary>Closes the file until it is needed again; false if somebody reads it just now.</summary>
    public bool TryClose()
    {
        lock (_opening)
        {
            if (_readers > 0)
                return false;
            Close();
            return true;
        }
    }

    /// <summary>Makes every later read fail, for the file is about to be deleted. Reads under way end well.</summary>
    public void Retire()
    {
        lock (_opening)
        {
            _retired = true;
            if (_readers == 0)
                Close();
        }
        files.Closed(this);
    }

    public static string NameOf(long baseSequence) => baseSequence.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The base sequences of the segments in a directory, in order.</summary>
    public static IEnumerable<long> Bases(IDisk disk, string directory)
    {
        foreach (var name in disk.Files(directory))
            if (TryParseName(name, out var found))
                yield return found;
    }

    /// <summary>Reads a segment's name; false for any other file.</summary>
    public static bool TryParseName(string name, out long baseSequence)
    {
        baseSequence = 0;
        return name.Length == 20 + Extension.Length
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out baseSequence);
    }

    public void Dispose()
    {
        lock (_opening)
        {
            _closed = true;
            _file?.Dispose();
        }
    }

    private IDiskFile Opened()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        // Opening a file that was deleted would make it again.
        return _retired ? throw new SegmentRetiredException(Path) : _file ??= disk.Open(Path);
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
