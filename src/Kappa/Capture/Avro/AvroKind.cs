namespace Kappa.Capture.Avro;

/// <summary>The types of Avro 1.x, as far as they differ in bytes.</summary>
internal enum AvroKind
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    Text,
    Enum,
    Fixed,
    Array,
    Map,
    Union,
    Record,
}
