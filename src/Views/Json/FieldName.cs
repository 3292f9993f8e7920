namespace Kappa.Json;

/// <summary>The name of a field, put together only when an error needs it: <c>total</c>, or <c>lines[2].quantity</c>.</summary>
internal readonly ref struct FieldName(string name, string? list = null, int index = 0)
{
    public static implicit operator FieldName(string name) => new(name);

    public override string ToString() => list is null ? $"data.{name}"
        : name.Length == 0 ? $"data.{list}[{index}]"
        : $"data.{list}[{index}].{name}";
}
