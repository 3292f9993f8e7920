using Kappa.Views;

namespace Kappa.Shop;

/// <summary>What each customer spent; anonymous orders belong to nobody and are not routed.</summary>
public sealed class CustomerSpendView : View<CustomerSpend>
{
    public CustomerSpendView() : base("customer-spend", version: 1)
    {
        On<CustomerRegistered>(e => e.CustomerId, (spend, e, _) => spend.Named(e.Name).ReachedAt(e.Email));
        On<CustomerRenamed>(e => e.CustomerId, (spend, e, _) => spend.Named(e.NewName));
        On<CustomerEmailChanged>(e => e.CustomerId, (spend, e, _) => spend.ReachedAt(e.NewEmail));
        On<OrderPlaced>(e => e.CustomerId, (spend, e, at) => spend.Ordered(at.Month, e.Total));
        On<OrderCancelled>(e => e.CustomerId, (spend, e, at) => spend.Cancelled(at.Month, e.Total));
        On<OrderAdjusted>(e => e.CustomerId, (spend, e, at) => spend.Adjusted(at.Month, e.Total));
        Lookup("email", spend => spend.Email);
        Lookup("name", spend => spend.Name, prefix: true);
        Rank("total", spend => spend.Total);
    }
}
