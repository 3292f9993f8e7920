using System.Text;
using System.Text.Json;

namespace Kappa.Events;

/// <summary>One registered version of one event type: its wire name and how to read it. Immutable once the registry is in use.</summary>
public abstract class EventType
{
    private protected EventType(string name, int version, int index)
    {
        Name = name;
        Version = version;
        Index = index;
        WireName = version == 1 ? name : $"{name}.v{version}";
        WireNameUtf8 = Encoding.UTF8.GetBytes(WireName);
    }

    /// <summary>The stable name, the same for all versions.</summary>
    public string Name { get; }

    public int Version { get; }

    /// <summary>What stands in the CloudEvents <c>type</c> attribute: the name, and <c>.vN</c> behind it from version 2 on.</summary>
    public string WireName { get; }

    /// <summary>The record type of this version.</summary>
    public abstract Type Record { get; }

    /// <summary>The newest version of this type; itself if it is the newest.</summary>
    public EventType Newest { get; internal set; } = null!;

    /// <summary>A small number that names this type within its registry, for tables.</summary>
    public int Index { get; }

    internal byte[] WireNameUtf8 { get; }

    /// <summary>Reads data and lifts it, upcaster by upcaster, to the record of the newest version.</summary>
    /// <exception cref="EventDataException">The data does not fit this version.</exception>
    public object Decode(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
            throw new EventDataException("data", $"is missing; events of type {WireName} carry it");
        var value = Read(json);
        for (var type = this; type.Lift is { } lift; type = type.Next!)
            value = lift(value);
        return value;
    }

    /// <summary>Checks the value that the reader stands on against this version; leaves the reader on its last token.</summary>
    /// <exception cref="EventDataException">The data does not fit.</exception>
    public abstract void Validate(ref Utf8JsonReader reader);

    /// <summary>Writes a record of this version as JSON data.</summary>
    public abstract byte[] Encode(object record);

    internal EventType? Next { get; set; }
    internal Func<object, object>? Lift { get; set; }

    private protected abstract object Read(ReadOnlySpan<byte> json);
}
