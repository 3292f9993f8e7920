namespace Kappa.Capture;

/// <summary>An event as a capture file holds it. Immutable; nothing in it points into the file.</summary>
public sealed record CapturedEvent
{
    public long Sequence { get; init; }

    /// <summary>Opaque; empty if the file has none.</summary>
    public string Offset { get; init; } = "";

    /// <summary>When the hub took it, to the second unless a property says more precisely; null if the file does not say it so that it can be read.</summary>
    public DateTimeOffset? Enqueued { get; init; }

    public IReadOnlyList<CapturedProperty> SystemProperties { get; init; } = [];

    /// <summary>What the sender added, in the order of the file.</summary>
    public IReadOnlyList<CapturedProperty> Properties { get; init; } = [];

    /// <summary>Null if there is none, which is not the same as empty.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }
}
