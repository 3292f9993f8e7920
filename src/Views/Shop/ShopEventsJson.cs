using System.Text.Json.Serialization;

namespace Kappa.Shop;

/// <summary>How the shop's events stand in JSON: absent where null, no field twice, nothing required left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CustomerRegistered))]
[JsonSerializable(typeof(CustomerRenamed))]
[JsonSerializable(typeof(CustomerEmailChanged))]
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(OrderAdjusted))]
[JsonSerializable(typeof(OrderLine))]
[JsonSerializable(typeof(OrderLine[]))]
public sealed partial class ShopEventsJson : JsonSerializerContext;
