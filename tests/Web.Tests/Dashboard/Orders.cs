using Kappa.Shop;

namespace Kappa.Tests.Dashboard;

/// <summary>Orders of one line.</summary>
internal static class Orders
{
    public static OrderPlaced Placed(string customer, string order, decimal total) => new()
    {
        OrderId = order,
        CustomerId = customer,
        Currency = "GBP",
        Lines = [new OrderLine { Sku = "1", Quantity = 1, UnitPrice = total }],
        Total = total,
    };

    public static OrderCancelled Cancelled(string customer, string order, decimal total) => new()
    {
        OrderId = order,
        CustomerId = customer,
        Currency = "GBP",
        Lines = [new OrderLine { Sku = "1", Quantity = -1, UnitPrice = -total }],
        Total = total,
    };
}
