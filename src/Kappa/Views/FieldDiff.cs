namespace Kappa.Views;

/// <summary>
/// A value that differs between two states. <paramref name="Path"/> is a JSON Pointer (RFC 6901); the values are JSON, empty where
/// the field is absent. Numbers are compared by value, not by how they are written; the order of properties does not matter.
/// </summary>
public sealed record FieldDiff(string Path, ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> After);
