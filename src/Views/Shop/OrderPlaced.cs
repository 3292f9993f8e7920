namespace Kappa.Shop;

/// <summary><c>shop.order.placed</c></summary>
public sealed record OrderPlaced : Order;
