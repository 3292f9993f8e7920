using System.Buffers.Binary;
using System.Text;

namespace Kappa.Engine.Records;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. The store has checked the bytes, so being out of bounds is a bug and throws.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly ReadOnlySpan<byte> Rest => _bytes[_at..];

    public byte Byte() => _bytes[_at++];

    public long Varint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var one = _bytes[_at++];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
                return (long)value;
        }
    }

    public long Fixed64()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(_bytes[_at..]);
        _at += 8;
        return value;
    }

    public UInt128 Fixed128()
    {
        var value = BinaryPrimitives.ReadUInt128LittleEndian(_bytes[_at..]);
        _at += 16;
        return value;
    }

    public ReadOnlySpan<byte> Utf8()
    {
        var length = (int)Varint();
        var text = _bytes.Slice(_at, length);
        _at += length;
        return text;
    }

    public string Text() => Encoding.UTF8.GetString(Utf8());
}
