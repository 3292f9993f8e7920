namespace Kappa.Shop;

/// <summary><c>shop.customer.email-changed</c></summary>
public sealed record CustomerEmailChanged(string CustomerId, string OldEmail, string NewEmail);
