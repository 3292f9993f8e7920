using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Views;

namespace Kappa.Tests;

/// <summary>What version 2 of the counts keeps: the sum as before, and how many events it is of.</summary>
public sealed class CountWithEvents : IViewState<CountWithEvents>
{
    public int Sum { get; set; }
    public int Events { get; set; }

    public static CountWithEvents Start(string key) => new();
    public static JsonTypeInfo<CountWithEvents> Json => CountWithEventsJson.Default.CountWithEvents;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CountWithEvents))]
internal sealed partial class CountWithEventsJson : JsonSerializerContext;

/// <summary>A later version of the counts; wrong on purpose where it leaves out negative amounts.</summary>
public sealed class CountWithEventsView : View<CountWithEvents>
{
    public CountWithEventsView(int version = 2, bool isWithoutNegatives = false) : base("count", version) => On<Counted>(
        e => e.Key,
        (count, e, _) =>
        {
            count.Sum += isWithoutNegatives && e.Amount < 0 ? 0 : e.Amount;
            count.Events++;
            return count;
        });
}
