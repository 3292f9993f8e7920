using System.Text.Json.Serialization;

namespace Kappa.Shop;

/// <summary>How the shop's states stand in JSON: every field always, null if unknown.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CustomerSpend))]
[JsonSerializable(typeof(MonthlySales))]
public sealed partial class ShopStatesJson : JsonSerializerContext;
