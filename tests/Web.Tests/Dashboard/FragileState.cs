using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Views;

namespace Kappa.Tests.Dashboard;

public sealed record FragileState(long Orders) : IViewState<FragileState>
{
    public static JsonTypeInfo<FragileState> Json => FragileJson.Default.FragileState;

    public static FragileState Start(string key) => new(0);
}

[JsonSerializable(typeof(FragileState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class FragileJson : JsonSerializerContext;
