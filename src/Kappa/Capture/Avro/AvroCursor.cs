using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Kappa.Capture.Avro;

/// <summary>
/// Reads Avro's binary encoding from a span. Whatever the bytes are, it stays inside, and what cannot be is reported with
/// the file and the byte.
/// </summary>
/// <param name="bytes">What is read.</param>
/// <param name="file">The file's name, for errors.</param>
/// <param name="offset">Where in the file the bytes stand.</param>
/// <param name="packed">True if they were unpacked, so that only the offset of the whole can be told.</param>
internal ref struct AvroCursor(ReadOnlySpan<byte> bytes, string file, long offset, bool packed = false)
{
    private const int NestingMax = 64;
    private const int CountOfNothingMax = 1 << 20;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; set; }

    public readonly bool IsAtEnd => At == _bytes.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Long()
    {
        if ((uint)At < (uint)_bytes.Length && _bytes[At] is < 0x80 and var one)
        {
            At++;
            return (one >> 1) ^ -(one & 1);
        }
        return LongerLong();
    }

    private long LongerLong()
    {
        var (value, start) = (0UL, At);
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (At == _bytes.Length)
                throw Corrupt("a number is cut off");
            var one = _bytes[At++];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
                return (long)(value >> 1) ^ -(long)(value & 1);
        }
        At = start;
        throw Corrupt("a number is longer than 64 bits");
    }

    /// <summary>Bytes or a text with its length before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Long();
        if ((ulong)length > (ulong)(_bytes.Length - At))
            throw Corrupt($"{length} bytes are announced, and {_bytes.Length - At} are left");
        var value = _bytes.Slice(At, (int)length);
        At += (int)length;
        return value;
    }

    public ReadOnlySpan<byte> Fixed(int length)
    {
        if (length < 0 || length > _bytes.Length - At)
            throw Corrupt($"{length} bytes are expected, and {_bytes.Length - At} are left");
        var value = _bytes.Slice(At, length);
        At += length;
        return value;
    }

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Fixed(sizeof(double)));

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Fixed(sizeof(float)));

    /// <summary>The count of a block of an array or a map, 0 at its end; the size that may follow it is passed over.</summary>
    public long BlockCount(bool itemsTakeBytes = true)
    {
        var count = Long();
        if (count < 0)
        {
            count = -count;
            Long();
        }
        if (count < 0 || count > (itemsTakeBytes ? _bytes.Length - At : CountOfNothingMax))
            throw Corrupt($"{count} items are announced, more than there is room for");
        return count;
    }

    /// <summary>The branch of a union that stands here.</summary>
    public AvroType Branch(AvroType union)
    {
        var index = Long();
        return (ulong)index < (ulong)union.Parts.Length ? union.Parts[index] : throw Corrupt($"branch {index} of a union that has {union.Parts.Length}");
    }

    public void Skip(AvroType type, int nesting = 0)
    {
        if (nesting > NestingMax)
            throw Corrupt("values are nested too deeply");
        switch (type.Kind)
        {
            case AvroKind.Null: break;
            case AvroKind.Boolean: Fixed(1); break;
            case AvroKind.Int or AvroKind.Long or AvroKind.Enum: Long(); break;
            case AvroKind.Float: Fixed(sizeof(float)); break;
            case AvroKind.Double: Fixed(sizeof(double)); break;
            case AvroKind.Bytes or AvroKind.Text: Bytes(); break;
            case AvroKind.Fixed: Fixed(type.FixedBytes); break;
            case AvroKind.Union: Skip(Branch(type), nesting + 1); break;
            case AvroKind.Record:
                foreach (var part in type.Parts)
                    Skip(part, nesting + 1);
                break;
            default:
                SkipItems(type, nesting);
                break;
        }
    }

    private void SkipItems(AvroType type, int nesting)
    {
        var isMap = type.Kind == AvroKind.Map;
        for (var count = BlockCount(isMap || type.Parts[0].Kind != AvroKind.Null); count != 0; count = BlockCount(isMap || type.Parts[0].Kind != AvroKind.Null))
            for (; count > 0; count--)
            {
                if (isMap)
                    Bytes();
                Skip(type.Parts[0], nesting + 1);
            }
    }

    public readonly CaptureCorruptException Corrupt(string what, Exception? cause = null) =>
        new(file, packed ? offset : offset + At, packed ? $"byte {At} of the unpacked block: {what}" : what, cause);
}
