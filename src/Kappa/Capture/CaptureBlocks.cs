using System.Buffers;
using System.IO.Compression;
using Kappa.Capture.Avro;

namespace Kappa.Capture;

/// <summary>
/// Reads a capture file from its start, block by block, by whomever it was written. Memory grows with what was really
/// read, never with what damaged bytes announce. Used by one reader at a time.
/// </summary>
internal sealed class CaptureBlocks(Stream stream, string file) : IDisposable
{
    private const int ReadBytes = 64 << 10;
    private const int HeaderBytesMax = 4 << 20;
    private const int BlockBytesMax = 1 << 30;
    private const int NumbersBytesMax = 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
    private byte[] _unpacked = [];
    private long _bufferAt;
    private int _start, _end;
    private bool _ended;

    public CaptureHeader Header { get; private set; } = null!;

    /// <summary>The header's bytes, until the first block is read.</summary>
    public ReadOnlyMemory<byte> HeaderBytes { get; private set; }

    /// <summary>Where the block at hand begins; behind the last one the length of the file.</summary>
    public long Offset { get; private set; }

    public int Count { get; private set; }

    /// <summary>The block as it stands in the file, up to and with its sync marker. Until the next is read.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>The encoded events, unpacked if they were packed. Until the next block is read.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>Where in the file the payload stands, or the block if it was packed.</summary>
    public long PayloadOffset { get; private set; }

    public string File => file;

    /// <exception cref="CaptureCorruptException">The file does not begin as a capture file does.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken = default)
    {
        for (var reach = ReadBytes; ; reach *= 2)
        {
            await FillAsync(reach, cancellationToken).ConfigureAwait(false);
            try
            {
                Header = CaptureHeader.Read(_buffer.AsSpan(_start, _end - _start), file);
                break;
            }
            catch (CaptureCorruptException) when (!_ended && reach < HeaderBytesMax)
            {
                // It may only be cut off by what was read so far.
            }
        }
        HeaderBytes = _buffer.AsMemory(_start, Header.Bytes);
        Take(Header.Bytes);
        Offset = Header.Bytes;
    }

    /// <summary>Moves to the next block; false at the end of the file.</summary>
    /// <exception cref="CaptureCorruptException">Here is no whole block.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken = default)
    {
        Offset = _bufferAt + _start;
        await FillAsync(NumbersBytesMax, cancellationToken).ConfigureAwait(false);
        if (_start == _end)
            return false;
        var (count, size, numbers) = Numbers();
        var whole = numbers + size + CaptureHeader.SyncBytes;
        await FillAsync(whole, cancellationToken).ConfigureAwait(false);
        if (_end - _start < whole)
            throw Corrupt(_bufferAt + _end, $"it ends within the block of {whole} bytes that begins at {Offset}");
        Bytes = _buffer.AsMemory(_start, whole);
        if (!Bytes.Span[^CaptureHeader.SyncBytes..].SequenceEqual(Header.Sync))
            throw Corrupt(Offset + numbers + size, $"the block that begins at {Offset} does not end with the marker of the file");
        Payload = Header.IsDeflated ? Unpack(Bytes.Slice(numbers, size)) : Bytes.Slice(numbers, size);
        PayloadOffset = Header.IsDeflated ? Offset : Offset + numbers;
        Count = count;
        Take(whole);
        return true;
    }

    public AvroCursor Cursor() => new(Payload.Span, file, PayloadOffset, Header.IsDeflated);

    public CaptureCorruptException Corrupt(long at, string what) => new(file, at, what);

    public void Dispose()
    {
        foreach (var buffer in new[] { _buffer, _unpacked })
            if (buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(buffer);
        _buffer = _unpacked = [];
        stream.Dispose();
    }

    private (int Count, int Size, int Bytes) Numbers()
    {
        var cursor = new AvroCursor(_buffer.AsSpan(_start, _end - _start), file, Offset);
        var (count, size) = (cursor.Long(), cursor.Long());
        if (count < 0 || size is < 0 or > BlockBytesMax || count > Math.Max(size, 0) && !Header.IsDeflated)
            throw Corrupt(Offset, $"a block of {count} events in {size} bytes cannot be");
        return ((int)Math.Min(count, int.MaxValue), (int)size, cursor.At);
    }

    private ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> packed)
    {
        using var input = new MemoryStream(packed.ToArray());
        using var deflate = new DeflateStream(input, CompressionMode.Decompress);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == _unpacked.Length)
                    Grow(ref _unpacked, length, Math.Max(ReadBytes, length * 2));
                var read = deflate.Read(_unpacked, length, _unpacked.Length - length);
                if (read == 0)
                    return _unpacked.AsMemory(0, length);
                if ((length += read) > BlockBytesMax)
                    throw Corrupt(Offset, "a packed block is larger than any can be");
            }
        }
        catch (InvalidDataException e)
        {
            throw new CaptureCorruptException(file, Offset, $"a packed block cannot be unpacked: {e.Message}", e);
        }
    }

    private void Take(int bytes) => _start += bytes;

    /// <summary>Reads on until so many bytes are there, or the file ends.</summary>
    private async ValueTask FillAsync(int bytes, CancellationToken cancellationToken)
    {
        while (_end - _start < bytes && !_ended)
        {
            if (_start > 0 && _buffer.Length - _start < bytes)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_bufferAt, _end, _start) = (_bufferAt + _start, _end - _start, 0);
            }
            if (_end == _buffer.Length)
                Grow(ref _buffer, _end, _buffer.Length * 2);
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _ended = read == 0;
            _end += read;
        }
    }

    private static void Grow(ref byte[] buffer, int used, int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        buffer.AsSpan(0, used).CopyTo(larger);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
