namespace Kappa.Shop;

/// <summary><c>shop.customer.renamed</c></summary>
public sealed record CustomerRenamed(string CustomerId, string OldName, string NewName);
