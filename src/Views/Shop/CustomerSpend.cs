using System.Text.Json.Serialization.Metadata;
using Kappa.Views;

namespace Kappa.Shop;

/// <summary>One customer: who it is, and what it spent month by month.</summary>
public sealed class CustomerSpend : IViewState<CustomerSpend>
{
    public required string CustomerId { get; init; }

    /// <summary>Null until a registration or a change was seen; orders may come first.</summary>
    public string? Name { get; set; }

    public string? Email { get; set; }

    /// <summary>Ascending; months without an order are left out.</summary>
    public List<MonthSpend> Months { get; init; } = [];

    public decimal Total { get; set; }

    public static CustomerSpend Start(string key) => new() { CustomerId = key };

    public static JsonTypeInfo<CustomerSpend> Json => ShopStatesJson.Default.CustomerSpend;

    internal CustomerSpend Named(string name)
    {
        Name = name;
        return this;
    }

    internal CustomerSpend ReachedAt(string email)
    {
        Email = email;
        return this;
    }

    internal CustomerSpend Ordered(string month, decimal total)
    {
        Spent(month, total).Orders++;
        return this;
    }

    internal CustomerSpend Cancelled(string month, decimal total)
    {
        Spent(month, total).Cancellations++;
        return this;
    }

    internal CustomerSpend Adjusted(string month, decimal total)
    {
        Spent(month, total);
        return this;
    }

    private MonthSpend Spent(string month, decimal total)
    {
        Total = Total.Plus(total);
        var spend = In(month);
        spend.Total = spend.Total.Plus(total);
        return spend;
    }

    private MonthSpend In(string month)
    {
        // From the end, because events mostly come in the order of their times.
        for (var i = Months.Count - 1; ; i--)
        {
            var order = i < 0 ? 1 : string.CompareOrdinal(month, Months[i].Month);
            if (order == 0)
                return Months[i];
            if (order < 0)
                continue;
            var spend = new MonthSpend { Month = month };
            Months.Insert(i + 1, spend);
            return spend;
        }
    }
}
