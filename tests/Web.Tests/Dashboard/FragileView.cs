using Kappa.Shop;
using Kappa.Views;

namespace Kappa.Tests.Dashboard;

/// <summary>Counts orders per customer; a cancellation is more than its fold can take, until somebody repairs it.</summary>
public sealed class FragileView : View<FragileState>
{
    public FragileView() : base("fragile", version: 1)
    {
        On<OrderPlaced>(e => e.CustomerId, (state, _, _) => state with { Orders = state.Orders + 1 });
        On<OrderCancelled>(e => e.CustomerId, (state, e, _) => Repaired
            ? state with { Orders = state.Orders - 1 }
            : throw new InvalidOperationException($"Nobody thought of cancelling {e.OrderId}."));
    }

    public bool Repaired { get; set; }
}
