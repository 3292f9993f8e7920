using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kappa.Json;

/// <summary>
/// Instants: read from RFC 3339 with any offset, written in UTC with a <c>Z</c>. A text without an offset is refused,
/// because it would mean another instant on another machine.
/// </summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) && HasOffset(reader.GetString()!))
            return time.ToUniversalTime();
        throw new JsonException("must be an RFC 3339 time with its offset, as in 2025-03-25T19:57:59Z");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    private static bool HasOffset(string text) => text[^1] == 'Z' || text.Length > 19 && text[^6] is '+' or '-' && text[^3] == ':';
}
