namespace Kappa.Shop;

/// <summary>One line of an order.</summary>
public sealed record OrderLine
{
    public required string Sku { get; init; }
    public string? Description { get; init; }
    public required int Quantity { get; init; }
    public required decimal UnitPrice { get; init; }
}
