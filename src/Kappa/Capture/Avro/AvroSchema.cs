using System.Text.Json;

namespace Kappa.Capture.Avro;

/// <summary>Reads a schema in JSON: as much of it as decides how bytes are read. Logical types, defaults and docs are passed over.</summary>
internal sealed class AvroSchema
{
    private readonly Dictionary<string, AvroType> _named = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">It is no Avro schema.</exception>
    public static AvroType Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new AvroSchema().Type(document.RootElement, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"the schema cannot be read: {e.Message}", e);
        }
    }

    private AvroType Type(JsonElement json, string? space) => json.ValueKind switch
    {
        JsonValueKind.String => Named(json.GetString()!, space),
        JsonValueKind.Array => new AvroType(AvroKind.Union) { Parts = [.. json.EnumerateArray().Select(branch => Type(branch, space))] },
        JsonValueKind.Object => Complex(json, space),
        _ => throw new FormatException($"the schema holds {json.GetRawText()} where a type should stand"),
    };

    private AvroType Complex(JsonElement json, string? space)
    {
        var type = json.GetProperty("type");
        if (type.ValueKind != JsonValueKind.String)
            return Type(type, space);
        switch (type.GetString())
        {
            case "array":
                return new AvroType(AvroKind.Array) { Parts = [Type(json.GetProperty("items"), space)] };
            case "map":
                return new AvroType(AvroKind.Map) { Parts = [Type(json.GetProperty("values"), space)] };
            case "enum":
                return Define(json, ref space, new AvroType(AvroKind.Enum));
            case "fixed":
                return Define(json, ref space, new AvroType(AvroKind.Fixed) { FixedBytes = json.GetProperty("size").GetInt32() });
            case "record" or "error":
                var record = Define(json, ref space, new AvroType(AvroKind.Record));
                var fields = json.GetProperty("fields").EnumerateArray().ToArray();
                record.Names = [.. fields.Select(field => field.GetProperty("name").GetString()!)];
                var within = space;
                record.Parts = [.. fields.Select(field => Type(field.GetProperty("type"), within))];
                return record;
            default:
                return Named(type.GetString()!, space);
        }
    }

    private AvroType Define(JsonElement json, ref string? space, AvroType type)
    {
        var name = json.GetProperty("name").GetString()!;
        space = json.TryGetProperty("namespace", out var given) ? given.GetString() : space;
        if (name.LastIndexOf('.') is >= 0 and var dot)
            space = name[..dot];
        else if (!string.IsNullOrEmpty(space))
            name = $"{space}.{name}";
        _named[name] = type;
        return type;
    }

    private AvroType Named(string name, string? space) => name switch
    {
        "null" => new AvroType(AvroKind.Null),
        "boolean" => new AvroType(AvroKind.Boolean),
        "int" => new AvroType(AvroKind.Int),
        "long" => new AvroType(AvroKind.Long),
        "float" => new AvroType(AvroKind.Float),
        "double" => new AvroType(AvroKind.Double),
        "bytes" => new AvroType(AvroKind.Bytes),
        "string" => new AvroType(AvroKind.Text),
        _ => _named.GetValueOrDefault(name) ?? _named.GetValueOrDefault($"{space}.{name}")
            ?? throw new FormatException($"the schema names a type '{name}' that it does not define"),
    };
}
