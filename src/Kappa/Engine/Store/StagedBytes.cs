using System.Buffers;
using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>
/// Bytes on their way to a file, in pieces, so that neither a growing array is copied nor a commit of many megabytes
/// needs one huge buffer. The first piece is kept from commit to commit: small commits allocate nothing and are one write.
/// </summary>
internal sealed class StagedBytes : IDisposable
{
    private const int FirstPieceBytes = 64 << 10;
    private const int PieceBytes = 1 << 20;

    private readonly List<(byte[] Bytes, int Used)> _pieces = [(ArrayPool<byte>.Shared.Rent(FirstPieceBytes), 0)];

    public long Length { get; private set; }

    /// <summary>Adds room at the end, in one piece; the caller fills it.</summary>
    public Span<byte> Add(int bytes)
    {
        var (piece, used) = _pieces[^1];
        if (piece.Length - used < bytes)
        {
            (piece, used) = (ArrayPool<byte>.Shared.Rent(Math.Max(PieceBytes, bytes)), 0);
            _pieces.Add((piece, 0));
        }
        _pieces[^1] = (piece, used + bytes);
        Length += bytes;
        return piece.AsSpan(used, bytes);
    }

    /// <summary>The first bytes that were added, to fill them in late.</summary>
    public Span<byte> Start(int bytes) => _pieces[0].Bytes.AsSpan(0, bytes);

    /// <summary>The checksum of all but the last bytes, which must have been added in one piece with others or alone.</summary>
    public uint Crc(int without = 0)
    {
        var crc = 0u;
        for (var i = 0; i < _pieces.Count; i++)
            crc = Crc32C.Of(_pieces[i].Bytes.AsSpan(0, _pieces[i].Used - (i == _pieces.Count - 1 ? without : 0)), crc);
        return crc;
    }

    public void WriteTo(IDiskFile file, long offset)
    {
        foreach (var (bytes, used) in _pieces)
        {
            if (used == 0)
                continue;
            file.Write(offset, bytes.AsSpan(0, used));
            offset += used;
        }
    }

    /// <summary>The rest of the piece that holds <paramref name="offset"/>: what was added together stands together.</summary>
    public ReadOnlySpan<byte> At(long offset)
    {
        foreach (var (bytes, used) in _pieces)
        {
            if (offset < used)
                return bytes.AsSpan((int)offset, used - (int)offset);
            offset -= used;
        }
        return default;
    }

    /// <summary>Takes the last bytes back.</summary>
    public void Shorten(long length)
    {
        while (Length > length)
        {
            var (bytes, used) = _pieces[^1];
            var less = (int)Math.Min(used, Length - length);
            Length -= less;
            if (less == used && _pieces.Count > 1)
            {
                ArrayPool<byte>.Shared.Return(bytes);
                _pieces.RemoveAt(_pieces.Count - 1);
            }
            else
                _pieces[^1] = (bytes, used - less);
        }
    }

    public void Dispose()
    {
        foreach (var (bytes, _) in _pieces)
            ArrayPool<byte>.Shared.Return(bytes);
        _pieces.Clear();
    }
}
