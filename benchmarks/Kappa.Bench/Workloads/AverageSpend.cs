using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Views;

namespace Kappa.Shop;

/// <summary>What version 2 of <c>customer-spend</c> keeps: the same as version 1, and the average of the orders placed.</summary>
public sealed class AverageSpend : IViewState<AverageSpend>
{
    public required string CustomerId { get; init; }
    public string? Name { get; set; }
    public string? Email { get; set; }
    public List<MonthSpend> Months { get; init; } = [];
    public decimal Total { get; set; }

    /// <summary>Null until an order was placed; to the penny.</summary>
    public decimal? AverageOrder => Placed == 0 ? null : decimal.Round(PlacedTotal / Placed, 2);

    [JsonPropertyName("$placed")]
    public int Placed { get; set; }

    [JsonPropertyName("$placedTotal")]
    public decimal PlacedTotal { get; set; }

    public static AverageSpend Start(string key) => new() { CustomerId = key };

    public static JsonTypeInfo<AverageSpend> Json => AverageSpendJson.Default.AverageSpend;

    internal AverageSpend Called(string? name, string? email)
    {
        (Name, Email) = (name ?? Name, email ?? Email);
        return this;
    }

    internal AverageSpend Ordered(string month, decimal total)
    {
        Spent(month, total).Orders++;
        Placed++;
        PlacedTotal += total;
        return this;
    }

    internal AverageSpend Cancelled(string month, decimal total)
    {
        Spent(month, total).Cancellations++;
        return this;
    }

    internal AverageSpend Adjusted(string month, decimal total)
    {
        Spent(month, total);
        return this;
    }

    private MonthSpend Spent(string month, decimal total)
    {
        Total += total;
        var at = Months.Count;
        while (at > 0 && string.CompareOrdinal(Months[at - 1].Month, month) >= 0)
            at--;
        if (at == Months.Count || Months[at].Month != month)
            Months.Insert(at, new MonthSpend { Month = month });
        Months[at].Total += total;
        return Months[at];
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AverageSpend))]
internal sealed partial class AverageSpendJson : JsonSerializerContext;
