using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>
/// The append-only file of history chunks, framed as in <see cref="RecordFrame"/>. Never rewritten and never moved:
/// chunks point to earlier ones by offset.
/// </summary>
internal sealed class HistoryFile : IDisposable
{
    public const string Name = "history.log";

    private readonly Lock _gate = new();
    private readonly StagedBytes _staged = new();
    private readonly IDiskFile _file;
    private long _end;

    public HistoryFile(IDisk disk, string directory)
    {
        Path = System.IO.Path.Combine(directory, Name);
        _file = disk.Open(Path);
    }

    public string Path { get; }

    public IDiskFile File => _file;

    /// <summary>The end of what was committed.</summary>
    public long End { get => Volatile.Read(ref _end); set => Volatile.Write(ref _end, value); }

    public long StagedBytes => _staged.Length;

    public long Append(ReadOnlySpan<byte> chunk)
    {
        if (_staged.Length + RecordFrame.Overhead + chunk.Length > ShardStore.StagedBytesMax)
            throw new InvalidOperationException("More than 1 GiB of history is staged: commit first.");
        Span<byte> frame;
        long offset;
        lock (_gate)
        {
            offset = _end + _staged.Length;
            frame = _staged.Add(RecordFrame.Overhead + chunk.Length);
        }
        RecordFrame.Write(frame, chunk);
        return offset;
    }

    /// <summary>Writes what is staged and keeps it staged; writing it again after a failure does no harm.</summary>
    public uint WriteStaged()
    {
        _staged.WriteTo(_file, _end);
        return _staged.Crc();
    }

    /// <summary>The commit that refers to the staged bytes was written.</summary>
    public void Committed()
    {
        lock (_gate)
        {
            End = _end + _staged.Length;
            _staged.Shorten(0);
        }
    }

    public PooledBytes Read(long offset)
    {
        if (offset >= End)
            lock (_gate)
                if (offset >= _end && offset < _end + _staged.Length)
                    return RecordFrame.Copy(_staged.At(offset - _end));
        return RecordFrame.Read(_file, Path, offset, End);
    }

    /// <summary>Whether the bytes that a commit appended are all there and as they were written.</summary>
    public static bool IsWhole(FileWindow window, in FrameHeader header)
    {
        var crc = 0u;
        var piece = 0;
        for (var at = header.HistoryEnd - header.HistoryLength; at < header.HistoryEnd; at += piece)
        {
            piece = (int)Math.Min(1 << 20, header.HistoryEnd - at);
            if (!window.TryRead(at, piece, out var bytes))
                return false;
            crc = Crc32C.Of(bytes, crc);
        }
        return crc == header.HistoryCrc;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
            _staged.Dispose();
        }
    }
}
