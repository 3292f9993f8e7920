using System.Buffers.Binary;
using System.Text;
using Kappa.Log;

namespace Kappa.Silo.Storage;

/// <summary>
/// Grain documents of one process in one file that is only ever appended to, with an index in memory. A torn tail is cut at the start, so that what
/// is left is always a beginning of what was written: a checkpoint never stands there without the documents that it speaks for. Written, not flushed:
/// after a loss of power the log brings the rest again. Rewritten at the start when most of it is outdated. Thread-safe.
/// <code>
///   CRC-32C u32 (of all that follows) · length i32 (of all that follows it) · etag i64 · name length i32 · name · document   (little endian)
/// </code>
/// A deleted document is one without bytes.
/// </summary>
public sealed class DocumentFile : IDisposable
{
    private const int HeadBytes = 20;
    private const int FrameBytesMax = 64 << 20;
    private const long CompactBytesMin = 16 << 20;

    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly IDisposable _lock;
    private IDiskFile _file;
    private long _end, _etag, _live;

    private DocumentFile(IDisk disk, string directory, long compactBytesMin)
    {
        disk.CreateDirectory(directory);
        _lock = disk.Lock(Path.Combine(directory, "documents.lock"));
        var path = Path.Combine(directory, "documents.log");
        _file = disk.Open(path);
        Recover();
        if (_end > compactBytesMin && _live < _end / 2)
            Compact(disk, directory, path);
    }

    /// <summary>How many documents there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _places.Count;
        }
    }

    /// <param name="compactBytesMin">From this size on the file is rewritten at the start where most of it is outdated.</param>
    /// <exception cref="IOException">Another process has it open, or the disk fails.</exception>
    public static DocumentFile Open(string directory, IDisk? disk = null, long compactBytesMin = CompactBytesMin) => new(disk ?? PhysicalDisk.Instance, directory, compactBytesMin);

    /// <summary>A document with its etag; null if there is none.</summary>
    public (byte[] Bytes, long Etag)? Read(string name)
    {
        lock (_gate)
            return _places.TryGetValue(name, out var place) ? (ReadAt(place), place.Etag) : null;
    }

    /// <summary>Writes a document if the stored one has this etag (0: if there is none); the new etag, or 0 if another one stands there.</summary>
    public long Write(string name, ReadOnlySpan<byte> document, long etag)
    {
        lock (_gate)
        {
            if ((_places.TryGetValue(name, out var stored) ? stored.Etag : 0) != etag)
                return 0;
            Append(name, document);
            return _etag;
        }
    }

    /// <summary>Deletes a document, if there is one.</summary>
    public void Delete(string name)
    {
        lock (_gate)
            if (_places.ContainsKey(name))
                Append(name, []);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
            _lock.Dispose();
        }
    }

    private byte[] ReadAt(Place place)
    {
        var bytes = new byte[place.Length];
        if (_file.Read(place.Offset, bytes) != bytes.Length)
            throw new InvalidDataException($"The document file ends before {place.Offset + place.Length}, where a document should stand.");
        return bytes;
    }

    private void Append(string name, ReadOnlySpan<byte> document)
    {
        var frame = Frame(name, document, _etag + 1);
        _file.Write(_end, frame);
        Note(name, _end + frame.Length - document.Length, document.Length, ++_etag, frame.Length);
        _end += frame.Length;
    }

    private void Note(string name, long offset, int length, long etag, int frame)
    {
        if (_places.Remove(name, out var old))
            _live -= old.Frame;
        if (length == 0)
            return;
        _places[name] = new Place(offset, length, etag, frame);
        _live += frame;
    }

    private static byte[] Frame(string name, ReadOnlySpan<byte> document, long etag)
    {
        var utf8 = Encoding.UTF8.GetByteCount(name);
        var frame = new byte[HeadBytes + utf8 + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), frame.Length - 8);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(8), etag);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(16), utf8);
        Encoding.UTF8.GetBytes(name, frame.AsSpan(HeadBytes));
        document.CopyTo(frame.AsSpan(HeadBytes + utf8));
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Crc32C.Of(frame.AsSpan(4)));
        return frame;
    }

    /// <summary>Reads what is there up to the first frame that is not whole, and cuts the file there.</summary>
    private void Recover()
    {
        var length = _file.Length;
        Span<byte> head = stackalloc byte[8];
        while (_end + HeadBytes <= length)
        {
            _file.Read(_end, head);
            var size = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
            if (size < HeadBytes - 8 || size > FrameBytesMax || _end + 8 + size > length)
                break;
            var frame = new byte[8 + size];
            _file.Read(_end, frame);
            if (Crc32C.Of(frame.AsSpan(4)) != BinaryPrimitives.ReadUInt32LittleEndian(frame))
                break;
            var name = BinaryPrimitives.ReadInt32LittleEndian(frame.AsSpan(16));
            _etag = BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(8));
            Note(Encoding.UTF8.GetString(frame, HeadBytes, name), _end + HeadBytes + name, frame.Length - HeadBytes - name, _etag, frame.Length);
            _end += frame.Length;
        }
        if (_end < length)
            _file.SetLength(_end);
    }

    /// <summary>Writes what counts into a new file, in its order, which then takes the place of this one in one step.</summary>
    private void Compact(IDisk disk, string directory, string path)
    {
        var next = path + ".next";
        if (disk.Exists(next))
            disk.Delete(next);
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        var end = 0L;
        using (var file = disk.Open(next))
        {
            foreach (var (name, place) in _places.OrderBy(entry => entry.Value.Etag))
            {
                var frame = Frame(name, ReadAt(place), place.Etag);
                file.Write(end, frame);
                places[name] = place with { Offset = end + frame.Length - place.Length };
                end += frame.Length;
            }
            file.Flush();
        }
        _file.Dispose();
        disk.Rename(next, path);
        disk.FlushDirectory(directory);
        _file = disk.Open(path);
        _places.Clear();
        foreach (var (name, place) in places)
            _places[name] = place;
        (_end, _live) = (end, end);
    }

    private readonly record struct Place(long Offset, int Length, long Etag, int Frame);
}
