using Kappa.Views;

namespace Kappa.Shop;

/// <summary>Version 2 of <c>customer-spend</c>. <paramref name="isWithoutCancellations"/> makes it wrong on purpose, for a gate to refuse.</summary>
public sealed class AverageSpendView : View<AverageSpend>
{
    public AverageSpendView(bool isWithoutCancellations = false) : base("customer-spend", version: 2)
    {
        On<CustomerRegistered>(e => e.CustomerId, (spend, e, _) => spend.Called(e.Name, e.Email));
        On<CustomerRenamed>(e => e.CustomerId, (spend, e, _) => spend.Called(e.NewName, null));
        On<CustomerEmailChanged>(e => e.CustomerId, (spend, e, _) => spend.Called(null, e.NewEmail));
        On<OrderPlaced>(e => e.CustomerId, (spend, e, at) => spend.Ordered(at.Month, e.Total));
        if (!isWithoutCancellations)
            On<OrderCancelled>(e => e.CustomerId, (spend, e, at) => spend.Cancelled(at.Month, e.Total));
        On<OrderAdjusted>(e => e.CustomerId, (spend, e, at) => spend.Adjusted(at.Month, e.Total));
        Lookup("email", spend => spend.Email);
        Lookup("name", spend => spend.Name, prefix: true);
        Rank("total", spend => spend.Total);
    }
}
