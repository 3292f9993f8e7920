namespace Kappa.Shop;

/// <summary><c>shop.customer.registered</c></summary>
public sealed record CustomerRegistered(string CustomerId, string Name, string Email);
