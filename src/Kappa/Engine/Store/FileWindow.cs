using System.Buffers;
using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>Reads a file front to back through one buffer: many small looks, few large reads.</summary>
internal sealed class FileWindow(IDiskFile file, int bytes) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(bytes);
    private long _start;
    private int _count;

    /// <summary>The bytes asked for, valid until the next call; false if the file ends before.</summary>
    public bool TryRead(long offset, int count, out ReadOnlySpan<byte> span)
    {
        if (offset < _start || offset + count > _start + _count)
            Move(offset, count);
        var there = _start + _count - offset;
        span = there < count ? default : _buffer.AsSpan((int)(offset - _start), count);
        return there >= count;
    }

    private void Move(long offset, int count)
    {
        // Asked before renting: a damaged length must not make us rent a gigabyte.
        if (offset + count > file.Length)
        {
            (_start, _count) = (offset, 0);
            return;
        }
        if (count > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(count);
        }
        _count = 0;
        _start = offset;
        _count = file.Read(offset, _buffer);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _count = 0;
    }
}
