using System.Text.Json.Serialization;
using Kappa.Events;
using Kappa.Views;

namespace Kappa.Tests.Events;

/// <summary>An event type with two versions: the first had no currency, and all of it was in pounds.</summary>
internal static class SampleEvents
{
    public static EventTypes Types() => new EventTypes()
        .Add("sample.order", SampleJson.Default.SampleOrderV1)
        .Add("sample.order", SampleJson.Default.SampleOrder, version: 2)
        .Upcast<SampleOrderV1, SampleOrder>(old => new SampleOrder(old.OrderId, old.Customer, old.Total, "GBP"));

    public static CloudEventReader Reader(UnknownTypes unknown = UnknownTypes.Accept, int eventBytesMax = 1 << 20, int eventsMax = 10_000) =>
        new(Types(), unknown, eventBytesMax, eventsMax);
}

internal sealed record SampleOrderV1(string OrderId, string Customer, decimal Total);

internal sealed record SampleOrder(string OrderId, string Customer, decimal Total, string Currency);

internal sealed class SampleTotals : IViewState<SampleTotals>
{
    public List<string> Totals { get; init; } = [];

    public static System.Text.Json.Serialization.Metadata.JsonTypeInfo<SampleTotals> Json => SampleJson.Default.SampleTotals;
    public static SampleTotals Start(string key) => new();
}

/// <summary>Knows the newest version only.</summary>
internal sealed class SampleView : View<SampleTotals>
{
    public SampleView() : base("sample", version: 1) => On<SampleOrder>(e => e.Customer, (state, e, _) =>
    {
        state.Totals.Add($"{e.Total} {e.Currency}");
        return state;
    });
}

internal sealed class OldSampleView : View<SampleTotals>
{
    public OldSampleView() : base("old-sample", version: 1) => On<SampleOrderV1>(e => e.Customer, (state, _, _) => state);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SampleOrderV1))]
[JsonSerializable(typeof(SampleOrder))]
[JsonSerializable(typeof(SampleTotals))]
internal sealed partial class SampleJson : JsonSerializerContext;
