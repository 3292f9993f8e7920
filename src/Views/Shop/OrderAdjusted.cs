namespace Kappa.Shop;

/// <summary><c>shop.order.adjusted</c>: a correction, usually without a customer.</summary>
public sealed record OrderAdjusted : Order;
