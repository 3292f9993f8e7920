namespace Kappa.Cli.Import;

/// <summary>A stream with one byte put back in front of it.</summary>
internal sealed class PrefixedStream(byte prefix, Stream rest) : Stream
{
    private bool _isTaken;

    public override int Read(Span<byte> buffer)
    {
        if (_isTaken || buffer.IsEmpty)
            return rest.Read(buffer);
        _isTaken = true;
        buffer[0] = prefix;
        return 1;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Read(buffer.Span));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() => rest.Flush();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
