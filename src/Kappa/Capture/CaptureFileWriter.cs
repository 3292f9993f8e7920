using Kappa.Capture.Avro;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// Writes one capture file and its index. The index becomes visible first, so that a file is never without one. The same
/// events give the same bytes. Used by one caller at a time; disposed before it is complete, there is no file.
/// </summary>
internal sealed class CaptureFileWriter : IAsyncDisposable
{
    /// <summary>A block is closed once it is this large: small enough that one event is cheap to read back.</summary>
    private const int BlockBytes = 16 << 10;

    private const int WriteBytes = 1 << 20;

    private readonly ICaptureStore _store;
    private readonly string _path;
    private readonly CaptureOrigin _origin;
    private readonly ICaptureUpload _upload;
    private readonly AvroBuffer _block = new(), _pending = new();
    private readonly CaptureEncoder _encoder;
    private readonly List<CaptureBlock> _blocks = [];
    private readonly int _headerBytes;
    private readonly uint _headerCrc;
    private readonly byte[] _sync;
    private long _written;
    private int _count;
    private long _next, _firstTicks, _lastTicks;

    private CaptureFileWriter(ICaptureStore store, string path, CaptureOrigin origin, ICaptureUpload upload)
    {
        (_store, _path, _origin, _upload, _next) = (store, path, origin, upload, origin.First);
        _encoder = new CaptureEncoder(_block);
        CaptureHeader.Write(_pending, origin);
        (_headerBytes, _headerCrc) = (_pending.Length, Crc32C.Of(_pending.Written.Span));
        _sync = _pending.Written[^CaptureHeader.SyncBytes..].ToArray();
    }

    /// <summary>How large the file is so far, about.</summary>
    public long Bytes => _written + _pending.Length + _block.Length;

    public long Next => _next;

    public static async ValueTask<CaptureFileWriter> CreateAsync(ICaptureStore store, string path, CaptureOrigin origin, CancellationToken cancellationToken) =>
        new(store, path, origin, await store.CreateAsync(path, cancellationToken).ConfigureAwait(false));

    /// <summary>Adds the next event; what it points at may go afterwards.</summary>
    public void Add(in RecordedEvent recorded)
    {
        if (recorded.Position != new Position(_origin.Partition, _next))
            throw new InvalidOperationException($"The event at {recorded.Position} does not follow; the next is {_next}.");
        if (_count == 0)
            _firstTicks = recorded.AppendedTicks;
        _encoder.Add(recorded);
        _lastTicks = recorded.AppendedTicks;
        _count++;
        _next++;
        if (_block.Length >= BlockBytes)
            EndBlock();
    }

    /// <summary>Hands on what has gathered, if it is much.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) =>
        _pending.Length >= WriteBytes ? WriteAsync(cancellationToken) : default;

    /// <summary>Makes the file, with its index, durable and visible.</summary>
    public async ValueTask<CaptureIndex> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_count > 0)
            EndBlock();
        await WriteAsync(cancellationToken).ConfigureAwait(false);
        var index = new CaptureIndex(_origin, _headerBytes, _headerCrc, [.. _blocks]);
        await CaptureIndexFile.WriteAsync(_store, _path, index, cancellationToken).ConfigureAwait(false);
        await _upload.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return index;
    }

    public async ValueTask DisposeAsync()
    {
        _block.Dispose();
        _pending.Dispose();
        await _upload.DisposeAsync().ConfigureAwait(false);
    }

    private void EndBlock()
    {
        var start = _pending.Length;
        _pending.Long(_count);
        _pending.Bytes(_block.Written.Span);
        _pending.Raw(_sync);
        var bytes = _pending.Written.Span[start..];
        _blocks.Add(new CaptureBlock(_next - _count, _count, _written + start, bytes.Length, Crc32C.Of(bytes), _firstTicks, _lastTicks));
        _block.Clear();
        _count = 0;
    }

    private async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        await _upload.WriteAsync(_pending.Written, cancellationToken).ConfigureAwait(false);
        _written += _pending.Length;
        _pending.Clear();
    }
}
