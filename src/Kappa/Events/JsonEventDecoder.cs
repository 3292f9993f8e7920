using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kappa.Events;

/// <summary>The decoder of event types that bring none: the source-generated JSON context.</summary>
internal sealed class JsonEventDecoder<T>(JsonTypeInfo<T> json) : IEventDecoder<T> where T : class
{
    public T Decode(ref Utf8JsonReader reader)
    {
        try
        {
            return JsonSerializer.Deserialize(ref reader, json)
                ?? throw new EventDataException("data", "must be a JSON object, but it is null");
        }
        catch (JsonException e)
        {
            throw new EventDataException(FieldOf(e.Path), JsonData.Sentence(e), e);
        }
    }

    /// <summary>The path <c>$.lines[2].quantity</c> as the field <c>data.lines[2].quantity</c>.</summary>
    private static string FieldOf(string? path) => string.IsNullOrEmpty(path) ? "data" : "data" + path[1..];
}
