using System.Buffers.Binary;

namespace Kappa.Log;

/// <summary>
/// Encodes one write group, everything that is written and flushed at once, as frames in one reused buffer. A group is
/// all or nothing. Used by one thread.
/// </summary>
internal sealed class GroupWriter(int partition, uint seed)
{
    private byte[] _buffer = new byte[4 * FrameHeader.FrameBytesMax];
    private int[] _records = new int[1024];
    private FrameHeader _frame;
    private int _used;
    private int _frameAt;

    /// <summary>How many events the group holds.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _used);
    public long Base => _frame.GroupBase;
    public long Ticks => _frame.Ticks;
    public long Next => Base + Count;

    /// <summary>The CRC of the last frame, once <see cref="End"/> was called.</summary>
    public uint LastCrc { get; private set; }

    public void Clear() => Count = _used = 0;

    public void Begin(long groupBase, long ticks, uint previousCrc, bool priorFlushed)
    {
        _frame = new FrameHeader
        {
            Partition = partition,
            GroupBase = groupBase,
            Ticks = ticks,
            Flags = priorFlushed ? FrameHeader.PriorFlushed : (byte)0,
        };
        LastCrc = previousCrc;
        Count = _used = 0;
        BeginFrame();
    }

    public void Add(ReadOnlySpan<byte> record)
    {
        var needed = sizeof(uint) + record.Length;
        if (_used - _frameAt + needed > FrameHeader.FrameBytesMax && _used > _frameAt + FrameHeader.Bytes)
        {
            EndFrame(0);
            BeginFrame();
        }
        Room(needed);
        if (Count == _records.Length)
            Array.Resize(ref _records, Count * 2);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_used), record.Length);
        _records[Count++] = _used;
        record.CopyTo(_buffer.AsSpan(_used + sizeof(uint)));
        _used += needed;
    }

    public void End() => EndFrame(FrameHeader.LastOfGroup);

    /// <summary>The record with this sequence, which the group holds.</summary>
    public ReadOnlySpan<byte> Record(long sequence)
    {
        var at = _buffer.AsSpan(_records[sequence - Base]);
        return at.Slice(sizeof(uint), BinaryPrimitives.ReadInt32LittleEndian(at));
    }

    private void BeginFrame()
    {
        _frameAt = _used;
        _frame = _frame with { Base = _frame.GroupBase + Count };
        Room(FrameHeader.Bytes);
        _used += FrameHeader.Bytes;
    }

    private void EndFrame(byte flag)
    {
        var header = _frame with
        {
            Flags = (byte)(_frame.Flags | flag),
            Count = (int)(_frame.GroupBase + Count - _frame.Base),
            PayloadBytes = _used - _frameAt - FrameHeader.Bytes,
            PreviousCrc = LastCrc,
        };
        LastCrc = header.Write(_buffer.AsSpan(_frameAt, _used - _frameAt), seed);
    }

    private void Room(int bytes)
    {
        if (_buffer.Length - _used < bytes)
            Array.Resize(ref _buffer, Math.Max(checked(_used + bytes), _buffer.Length * 2));
    }
}
