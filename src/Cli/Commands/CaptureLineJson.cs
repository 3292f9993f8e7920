using System.Text.Json.Serialization;

namespace Kappa.Cli.Commands;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CaptureLine))]
internal sealed partial class CaptureLineJson : JsonSerializerContext;
