namespace Kappa.Shop;

/// <summary><c>shop.order.cancelled</c>: quantities and total are negative as in the source, the total is the credit.</summary>
public sealed record OrderCancelled : Order;
