using System.Buffers;

namespace Kappa.Engine.Store;

/// <summary>Bytes in a rented buffer. Dispose gives the buffer back; the bytes must not be touched afterwards.</summary>
internal sealed class PooledBytes(byte[] rented, int start, int length) : IDisposable
{
    private byte[]? _rented = rented;

    public int Length => length;

    public ReadOnlySpan<byte> Span => Rented.AsSpan(start, length);

    public ReadOnlyMemory<byte> Memory => Rented.AsMemory(start, length);

    private byte[] Rented => _rented ?? throw new ObjectDisposedException(nameof(PooledBytes));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
