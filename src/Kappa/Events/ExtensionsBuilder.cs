using System.Buffers.Binary;
using System.Globalization;

namespace Kappa.Events;

/// <summary>
/// Gathers the extension attributes of one event, checks each, and lays them out as <see cref="EventExtensions"/> says.
/// Begins in the room that it is given (the caller's stack) and moves to the heap only if that is too small.
/// </summary>
internal ref struct ExtensionsBuilder(Span<byte> room)
{
    /// <summary>CloudEvents recommends 20; some names in use are longer.</summary>
    public const int NameBytesMax = 64;

    private const byte Absent = byte.MaxValue;

    private Span<byte> _room = room;
    private int _used;
    private int _count;

    private bool _hasAbsent;

    private readonly ReadOnlySpan<byte> Bytes => _room[.._used];

    public void Clear()
    {
        _used = _count = 0;
        _hasAbsent = false;
    }

    /// <summary>Takes an attribute, or says why not.</summary>
    public void Add(scoped ReadOnlySpan<byte> name, EventExtensionKind kind, scoped ReadOnlySpan<byte> value, in ProblemList problems)
    {
        // What is refused anyway is not looked at any more, however much of it was sent.
        if (problems.IsFull)
            return;
        if (ProblemOf(name, kind, value) is { } problem)
        {
            problems.Add(AttributeName.Shown(name), problem);
            return;
        }
        Append(name, (byte)kind, value);
    }

    /// <summary>Takes note of an attribute that is null: it is not there, but may not be given a second time either.</summary>
    public void AddAbsent(scoped ReadOnlySpan<byte> name, in ProblemList problems)
    {
        if (problems.IsFull)
            return;
        if (ProblemOfName(name) is { } problem)
        {
            problems.Add(AttributeName.Shown(name), problem);
            return;
        }
        Append(name, Absent, []);
        _hasAbsent = true;
    }

    /// <summary>The attributes of the event; good until the next one is begun.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        if (!_hasAbsent)
            return Bytes;
        var kept = 0;
        for (int at = 0, size; at < _used; at += size)
        {
            var entry = _room[at.._used];
            size = EventExtensions.EntryHeaderBytes + entry[1] + (int)BinaryPrimitives.ReadUInt32LittleEndian(entry[2..]);
            if (entry[0] == Absent)
                continue;
            entry[..size].CopyTo(_room[kept..]);
            kept += size;
        }
        return _room[..kept];
    }

    private void Append(scoped ReadOnlySpan<byte> name, byte kind, scoped ReadOnlySpan<byte> value)
    {
        var size = EventExtensions.EntryHeaderBytes + name.Length + value.Length;
        if (_room.Length - _used < size)
        {
            Span<byte> larger = new byte[Math.Max(_used + size, 2 * _room.Length)];
            Bytes.CopyTo(larger);
            _room = larger;
        }
        var entry = _room.Slice(_used, size);
        entry[0] = kind;
        entry[1] = (byte)name.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[2..], (uint)value.Length);
        name.CopyTo(entry[EventExtensions.EntryHeaderBytes..]);
        value.CopyTo(entry[(EventExtensions.EntryHeaderBytes + name.Length)..]);
        _used += size;
        _count++;
    }

    private readonly string? ProblemOfName(ReadOnlySpan<byte> name)
    {
        if (!AttributeName.IsValid(name))
            return AttributeName.Remedy;
        if (name.StartsWith("kappa"u8))
            return "is reserved, as is every name that begins with kappa; rename it";
        if (_count == EventExtensions.CountMax)
            return $"is one extension too many; an event has at most {EventExtensions.CountMax}";
        return new EventExtensions(Bytes).TryGet(name, out _) ? AttributeName.Twice : null;
    }

    private readonly string? ProblemOf(ReadOnlySpan<byte> name, EventExtensionKind kind, ReadOnlySpan<byte> value)
    {
        if (ProblemOfName(name) is { } problem)
            return problem;
        if (value.Length > EventParts.AttributeBytesMax)
            return $"takes {value.Length} bytes; attributes take at most {EventParts.AttributeBytesMax}, move it into the data";
        if (name.SequenceEqual("partitionkey"u8) && (kind != EventExtensionKind.Text || value.IsEmpty))
            return "must be a string that is not empty; without a partition key leave it out";
        return kind switch
        {
            EventExtensionKind.Text => AttributeText.IsValid(value) ? null : AttributeText.Remedy,
            EventExtensionKind.Boolean => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) ? null : "must be true or false",
            _ => IsCanonicalInteger(value) ? null : "must be an integer of 32 bits",
        };
    }

    private static bool IsCanonicalInteger(ReadOnlySpan<byte> value)
    {
        Span<byte> canonical = stackalloc byte[11];
        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.TryFormat(canonical, out var length, default, CultureInfo.InvariantCulture) && canonical[..length].SequenceEqual(value);
    }
}
