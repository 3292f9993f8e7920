using Kappa.Views;

namespace Kappa.Shop;

/// <summary>What the shop sold month by month. A month takes events from every partition, in any order.</summary>
public sealed class MonthlySalesView : View<MonthlySales>
{
    public MonthlySalesView() : base("monthly-sales", version: 1)
    {
        On<OrderPlaced>((_, at) => at.Month, (sales, e, _) => sales.Ordered(e));
        On<OrderCancelled>((_, at) => at.Month, (sales, e, _) => sales.Cancelled(e));
        On<OrderAdjusted>((_, at) => at.Month, (sales, e, _) => sales.Adjusted(e));
    }
}
