using System.Buffers.Binary;

namespace Kappa.Events;

/// <summary>
/// The extension attributes of an event, in the order in which they were sent. Each is
/// <c>[kind u8][name length u8][value length u32][name][value]</c>; the value is the canonical string of CloudEvents
/// 1.0 section 3.1 whatever its kind, which only tells how to write it as JSON. Enumerate it with <c>foreach</c>.
/// </summary>
public readonly ref struct EventExtensions(ReadOnlySpan<byte> bytes)
{
    public const int EntryHeaderBytes = 6;

    /// <summary>The most extension attributes of one event: more than anybody uses, and few enough that looking for one of them one by one stays cheap.</summary>
    public const int CountMax = 64;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public bool IsEmpty => _bytes.IsEmpty;

    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var extension in this)
            if (extension.Name.SequenceEqual(name))
            {
                value = extension.Value;
                return true;
            }
        value = default;
        return false;
    }

    public Enumerator GetEnumerator() => new(_bytes);

    internal static bool IsWellFormed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < EntryHeaderBytes || bytes[0] > (byte)EventExtensionKind.Integer)
                return false;
            var size = EntryHeaderBytes + (long)bytes[1] + BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]);
            if (size > bytes.Length)
                return false;
            bytes = bytes[(int)size..];
        }
        return true;
    }

    /// <summary>One extension attribute.</summary>
    public readonly ref struct Entry(EventExtensionKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        public EventExtensionKind Kind { get; } = kind;
        public ReadOnlySpan<byte> Name { get; } = name;
        public ReadOnlySpan<byte> Value { get; } = value;
    }

    /// <summary>Walks the entries.</summary>
    public ref struct Enumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public Entry Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            var nameLength = _rest[1];
            var valueLength = (int)BinaryPrimitives.ReadUInt32LittleEndian(_rest[2..]);
            Current = new Entry((EventExtensionKind)_rest[0], _rest.Slice(EntryHeaderBytes, nameLength),
                _rest.Slice(EntryHeaderBytes + nameLength, valueLength));
            _rest = _rest[(EntryHeaderBytes + nameLength + valueLength)..];
            return true;
        }
    }
}
