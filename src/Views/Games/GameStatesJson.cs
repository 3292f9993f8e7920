using System.Text.Json.Serialization;

namespace Kappa.Games;

/// <summary>How the states of games stand in JSON: every field always, null if unknown.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Game))]
[JsonSerializable(typeof(Player))]
public sealed partial class GameStatesJson : JsonSerializerContext;
