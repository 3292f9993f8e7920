using System.Text.Json.Serialization;

namespace Kappa.Games;

/// <summary>How the events of games stand in JSON: absent where null, no field twice, nothing required left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GameStarted))]
[JsonSerializable(typeof(MovePlayed))]
[JsonSerializable(typeof(GameEnded))]
public sealed partial class GameEventsJson : JsonSerializerContext;
