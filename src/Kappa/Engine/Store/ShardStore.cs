using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>
/// The log-structured store of one shard of one view build. Records are opaque and never deleted, only replaced; the
/// owner keeps the index from keys to addresses. A commit is atomic: its records, its history and its watermark
/// survive together or not at all. One thread writes (<see cref="Put"/>, <see cref="AppendHistory"/>,
/// <see cref="Commit"/>, <see cref="Clean"/>); any thread reads, and one beside the writer may <see cref="Flush"/>.
/// <code>
///   state-00000001.seg   commit frames (FrameHeader), one after the other; sealed when large; deleted by cleaning
///   history.log          chunks (RecordFrame), append-only for good
/// </code>
/// A commit writes its history first and then its frame, each in one go, so that after the end of the process the last
/// complete frame has all it refers to. After a loss of power anything behind the last flush may be torn: see
/// <see cref="StoreWalk"/>.
/// </summary>
internal sealed class ShardStore : IDisposable
{
    /// <summary>The most records, and the most history, that one commit may hold.</summary>
    public const int StagedBytesMax = 1 << 30;

    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly ShardStoreOptions _options;
    private readonly HistoryFile _history;
    private readonly ConcurrentDictionary<int, Segment> _segments = new();
    private readonly StagedBytes _staged = new();
    private readonly SegmentSpace _space;
    private readonly FlushMarks _marks;
    private readonly Lock _gate = new();
    private SegmentCleaner? _cleaner;
    private Segment _active;
    private Cut _watermark;
    private long _commit;
    private uint _crc;
    private bool _leftovers;
    private volatile bool _disposed;

    private ShardStore(IDisk disk, string directory, ShardStoreOptions options, HistoryFile history, StoreWalk walk, StoreRecovered recovered)
    {
        (_disk, _directory, _options, _history) = (disk, directory, options, history);
        (_commit, _crc, _watermark, Recovered) = (walk.Commit, walk.Crc, walk.Watermark, recovered);
        foreach (var segment in walk.Segments.Values)
            _segments[segment.Number] = segment;
        _space = new SegmentSpace(options, walk.Segments.Values, walk.Last);
        _marks = new FlushMarks(disk, directory, walk);
        _active = walk.Last ?? new Segment(directory, 1);
        _segments[_active.Number] = _active;
        _leftovers = walk.Segments.Values.Any(s => s.RetiredBy > 0);
        _staged.Add(FrameHeader.Bytes);
        SealIfLarge();
    }

    /// <summary>
    /// Opens or makes a store. Hands every surviving record to <paramref name="recovery"/> before it returns.
    /// </summary>
    /// <exception cref="StoreCorruptException">Something that had been flushed is damaged or missing.</exception>
    public static ShardStore Open(IDisk disk, string directory, ShardStoreOptions options, IStoreRecovery recovery)
    {
        disk.CreateDirectory(directory);
        var history = new HistoryFile(disk, directory);
        using var walk = new StoreWalk(disk, directory, history, recovery);
        try
        {
            return new ShardStore(disk, directory, options, history, walk, walk.Run());
        }
        catch
        {
            history.Dispose();
            foreach (var segment in walk.Segments.Values)
                segment.TryClose();
            throw;
        }
    }

    /// <summary>What was found when the store was opened.</summary>
    public StoreRecovered Recovered { get; }

    /// <summary>The watermark of the last commit; <see cref="Cut.Zero"/> in a new store.</summary>
    public Cut Watermark => Volatile.Read(ref _watermark);

    /// <summary>The number of the last commit; 0 in a new store.</summary>
    public long CommitNumber => Volatile.Read(ref _commit);

    /// <summary>The last commit that survives a loss of power for certain.</summary>
    public long FlushedCommit => _marks.Flushed;

    /// <summary>Bytes of records and history that wait for the next commit: a caller bounds its memory by it.</summary>
    public long StagedBytes => _staged.Length - FrameHeader.Bytes + _history.StagedBytes;

    public long BytesOnDisk => _space.StateBytes + _history.End;

    /// <summary>Bytes of the records that nothing has replaced, with their frames. History is not counted.</summary>
    public long LiveBytes => _space.LiveBytes;

    /// <summary>
    /// Stages a record for the next commit and says where it will stand; it can be read there at once. The address of the
    /// record it replaces must be given: what is replaced may vanish from the disk.
    /// </summary>
    public StoreAddress Put(ReadOnlySpan<byte> record, StoreAddress? replaces)
    {
        if (_staged.Length + RecordFrame.Overhead + record.Length > StagedBytesMax)
            throw new InvalidOperationException("More than 1 GiB of records is staged: commit first.");
        Span<byte> frame;
        StoreAddress address;
        lock (_gate)
        {
            address = new StoreAddress(_active.Number, _active.Length + _staged.Length, record.Length);
            frame = _staged.Add(RecordFrame.Overhead + record.Length);
        }
        RecordFrame.Write(frame, record);
        _space.Added(_active, address);
        if (replaces is { } old)
            _space.Replaced(old.Segment == _active.Number ? _active : _segments[old.Segment], old);
        return address;
    }

    /// <summary>Stages a chunk of history for the next commit and says at which offset it will stand, for good.</summary>
    public long AppendHistory(ReadOnlySpan<byte> chunk) => _history.Append(chunk);

    /// <summary>
    /// Writes all that is staged and the watermark as one commit. When it returns, the commit survives the end of the process;
    /// a loss of power only after the next <see cref="Flush"/>.
    /// </summary>
    /// <exception cref="IOException">Nothing counts as committed, all stays staged and readable; call it again later.</exception>
    public void Commit(Cut watermark)
    {
        var historyBytes = _history.StagedBytes;
        var historyCrc = _history.WriteStaged();
        var body = _staged.Length;
        var header = new FrameHeader(_active.Number, _crc, _active.Length, _commit + 1, _marks.Flushed,
            _history.End + historyBytes, historyBytes, historyCrc, (int)(body - FrameHeader.Bytes), 0);
        Segment[] retired = [.. _space.Exhausted];
        var trailer = new FrameTrailer(watermark, [.. retired.Select(s => s.Number)], _active.Length > 0 ? [] : Needed());
        header = header with { TrailerLength = trailer.Bytes };
        uint crc;
        try
        {
            crc = Write(header, trailer);
        }
        catch
        {
            lock (_gate)
                _staged.Shorten(body);
            throw;
        }

        foreach (var segment in retired)
            segment.RetiredBy = header.Commit;
        _leftovers |= retired.Length > 0;
        _crc = crc;
        (_active.LastCommit, _active.LastCrc) = (header.Commit, crc);
        lock (_gate)
        {
            _history.Committed();
            _active.Length += header.FrameLength;
            _staged.Shorten(0);
            _staged.Add(FrameHeader.Bytes);
            Volatile.Write(ref _watermark, watermark);
            Volatile.Write(ref _commit, header.Commit);
            _marks.Written(header, _active);
        }
        _space.Committed(header.FrameLength);
        SealIfLarge();
    }

    /// <summary>
    /// Makes every commit made before survive a loss of power: history first, then state; deletes files that were cleaned
    /// out. May run on another thread beside the writer. After an error nothing more counts as flushed.</summary>
    public void Flush() => _marks.Flush(_gate, _history, _segments);

    /// <summary>Deletes at once what the next flush would. Thread-safe.</summary>
    public void DeleteClosed() => _marks.DeleteClosed();

    /// <summary>
    /// Reads a record, committed or staged; one positional read. False if cleaning has moved it meanwhile: ask the index
    /// again. Never false on the writer's thread for an address the index holds.
    /// </summary>
    /// <exception cref="StoreCorruptException">The stored bytes are damaged.</exception>
    public bool TryRead(StoreAddress address, [NotNullWhen(true)] out PooledBytes? record)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        record = null;
        if (!_segments.TryGetValue(address.Segment, out var segment) || !segment.TryHold())
            return false;
        try
        {
            if (address.Offset >= segment.Length)
                lock (_gate)
                    if (address.Offset >= segment.Length && segment == _active && address.Offset < segment.Length + _staged.Length)
                        record = RecordFrame.Copy(_staged.At(address.Offset - segment.Length));
            record ??= segment.File is { } file && address.Offset < segment.Length
                ? RecordFrame.Read(file, segment.Path, address)
                : throw new StoreCorruptException(segment.Path, address.Offset, "no record was written there");
            return true;
        }
        finally
        {
            segment.Release();
        }
    }

    /// <summary>Reads a chunk of history, committed or staged; one positional read for chunks of up to 504 bytes.</summary>
    /// <exception cref="StoreCorruptException">The stored bytes are damaged, or no chunk starts there.</exception>
    public PooledBytes ReadHistory(long offset)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _history.Read(offset);
    }

    /// <summary>
    /// Takes back space, in slices: reads about <paramref name="bytesMax"/> bytes of the segment with the largest share of
    /// garbage, stages what is live in it again, and gives it up once the commit with that is flushed and the flush is recorded
    /// by a flushed commit; the next flush deletes it. Does nothing while garbage is at most the configured share. True if there
    /// is more to do; a caller that asks for twice what it commits keeps up.
    /// </summary>
    public bool Clean(int bytesMax, IStoreCleaning cleaning)
    {
        if (_leftovers)
            CloseRetired();
        if (_cleaner is null && _space.Choose(_active, _segments) is { } victim)
            _cleaner = new SegmentCleaner(this, victim);
        if (_cleaner is null)
            return false;
        if (!_cleaner.Step(bytesMax, cleaning))
            return true;
        if (_cleaner.Victim.LiveBytes != 0)
            throw new InvalidOperationException($"The index and the space accounting of {_cleaner.Victim.Path} disagree: {_cleaner.Victim.LiveBytes} bytes.");
        _space.Retire(_cleaner.Victim);
        _cleaner.Dispose();
        _cleaner = null;
        return _space.Choose(_active, _segments) is not null;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _marks.Stop();
        _cleaner?.Dispose();
        foreach (var segment in _segments.Values)
            segment.TryClose();
        _history.Dispose();
        lock (_gate)
            _staged.Dispose();
    }

    private uint Write(FrameHeader header, FrameTrailer trailer)
    {
        Span<byte> end;
        lock (_gate)
            end = _staged.Add(trailer.Bytes + FrameHeader.EndBytes);
        trailer.Write(end);
        header.Write(_staged.Start(FrameHeader.Bytes));
        var crc = _staged.Crc(FrameHeader.EndBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(end[^FrameHeader.EndBytes..], crc);
        _active.File ??= _disk.Open(_active.Path);
        // What an earlier try left behind must not stand behind a shorter frame.
        if (_active.File.Length > _active.Length)
            _active.File.SetLength(_active.Length);
        _staged.WriteTo(_active.File, _active.Length);
        return crc;
    }

    private List<SealedSegment> Needed() =>
        [.. _segments.Values.Where(s => s != _active && s.RetiredBy == 0 && !_space.Exhausted.Contains(s)).OrderBy(s => s.Number).Select(s => s.Sealed)];

    private void SealIfLarge()
    {
        if (_active.Length < _options.SegmentBytesMax)
            return;
        var next = new Segment(_directory, _active.Number + 1);
        _segments[next.Number] = next;
        _space.Sealed(_active);
        lock (_gate)
            _active = next;
    }

    private void CloseRetired()
    {
        _leftovers = false;
        foreach (var segment in _segments.Values.Where(s => s.RetiredBy > 0).OrderBy(s => s.Number))
            // The recorded flush, not the last one: recovery takes a gap for cleaning only if a frame says so.
            if (segment.RetiredBy <= _marks.FlushedOnRecord && segment.TryClose())
            {
                _marks.Closed(segment);
                _segments.TryRemove(segment.Number, out _);
                _space.Deleted(segment);
            }
            else
                _leftovers = true;
    }
}
