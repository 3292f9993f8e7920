using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Kappa.Engine.Records;

/// <summary>Writes records into one reused buffer: little endian, varints of 7 bits a byte (LEB128), texts with a varint length.</summary>
internal sealed class RecordWriter : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[1024];
    private int _used;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _used);
    public int Length => _used;

    public void Clear() => _used = 0;

    public void Byte(byte value)
    {
        Room(1);
        _bytes[_used++] = value;
    }

    public void Varint(long value)
    {
        Room(10);
        for (var rest = (ulong)value; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                _bytes[_used++] = (byte)rest;
                return;
            }
            _bytes[_used++] = (byte)(rest | 0x80);
        }
    }

    public void Fixed64(long value)
    {
        Room(8);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_used), value);
        _used += 8;
    }

    public void Fixed128(UInt128 value)
    {
        Room(16);
        BinaryPrimitives.WriteUInt128LittleEndian(_bytes.AsSpan(_used), value);
        _used += 16;
    }

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Varint(bytes);
        Room(bytes);
        _used += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_used));
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        Room(value.Length);
        value.CopyTo(_bytes.AsSpan(_used));
        _used += value.Length;
    }

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(Math.Max(sizeHint, 256));
        return _bytes.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Room(int size)
    {
        if (_bytes.Length - _used < size)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + size));
    }
}
