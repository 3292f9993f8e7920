using System.Text.Json.Serialization.Metadata;
using Kappa.Views;

namespace Kappa.Shop;

/// <summary>One month of the whole shop, anonymous orders included.</summary>
public sealed class MonthlySales : IViewState<MonthlySales>
{
    /// <summary>As in <c>2010-12</c>, in UTC.</summary>
    public required string Month { get; init; }

    public int Orders { get; set; }
    public int Cancellations { get; set; }
    public int Adjustments { get; set; }

    /// <summary>Placed less cancelled, and adjustments.</summary>
    public decimal Revenue { get; set; }

    /// <summary>The sum of the quantities of all lines; those of a cancellation are negative.</summary>
    public long Items { get; set; }

    public static MonthlySales Start(string key) => new() { Month = key };

    public static JsonTypeInfo<MonthlySales> Json => ShopStatesJson.Default.MonthlySales;

    internal MonthlySales Ordered(Order order)
    {
        Orders++;
        return Sold(order);
    }

    internal MonthlySales Cancelled(Order order)
    {
        Cancellations++;
        return Sold(order);
    }

    internal MonthlySales Adjusted(Order order)
    {
        Adjustments++;
        return Sold(order);
    }

    private MonthlySales Sold(Order order)
    {
        Revenue = Revenue.Plus(order.Total);
        Items += order.Lines.TotalQuantity;
        return this;
    }
}
