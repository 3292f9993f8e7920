namespace Kappa.Capture.Avro;

/// <summary>A type of a writer's schema. What a record holds is filled in after it was named, for it may hold itself.</summary>
internal sealed class AvroType(AvroKind kind)
{
    public AvroKind Kind { get; } = kind;

    /// <summary>The fields of a record, the branches of a union, or the one type that an array or a map holds.</summary>
    public AvroType[] Parts { get; set; } = [];

    /// <summary>The names of a record's fields, in the order of <see cref="Parts"/>.</summary>
    public string[] Names { get; set; } = [];

    /// <summary>The size of a fixed type.</summary>
    public int FixedBytes { get; init; }
}
