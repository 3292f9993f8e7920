namespace Kappa.Tests.Disks;

/// <summary>Bytes that grow; a gap reads as zeros, as on a disk.</summary>
internal sealed class SimulatedBytes
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        if (offset + bytes.Length > Length)
            SetLength(offset + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan((int)offset));
    }

    public void SetLength(long length)
    {
        var size = checked((int)length);
        if (size > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(size, _bytes.Length * 2));
        if (size < Length)
            _bytes.AsSpan(size, Length - size).Clear();
        Length = size;
    }

    public void Flip(long offset, int bit) => _bytes[offset] ^= (byte)(1 << bit);

    public SimulatedBytes Copy() => new() { _bytes = Span.ToArray(), Length = Length };
}
