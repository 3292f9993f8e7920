using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kappa.Games;

/// <summary>Takes the results of <see cref="GameResult"/> and nothing else.</summary>
internal sealed class GameResultConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (reader.TokenType == JsonTokenType.String ? GameResult.Of(reader.GetString()) : null)
        ?? throw new JsonException("must be one of 1-0, 0-1, 1/2-1/2 and *");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
