using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kappa.Shop;

/// <summary>Order lines as an array of lines, for the JSON contracts.</summary>
internal sealed class OrderLinesConverter : JsonConverter<OrderLines>
{
    public override OrderLines Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var lines = JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<OrderLine[]>)options.GetTypeInfo(typeof(OrderLine[])))!;
        return lines.Contains(null) ? throw new JsonException("A line must not be null.") : OrderLines.Of(lines);
    }

    public override void Write(Utf8JsonWriter writer, OrderLines value, JsonSerializerOptions options)
    {
        var line = (JsonTypeInfo<OrderLine>)options.GetTypeInfo(typeof(OrderLine));
        writer.WriteStartArray();
        foreach (var one in value)
            JsonSerializer.Serialize(writer, one, line);
        writer.WriteEndArray();
    }
}
