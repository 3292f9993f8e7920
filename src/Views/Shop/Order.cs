namespace Kappa.Shop;

/// <summary>What placed, cancelled and adjusted orders have in common.</summary>
public abstract record Order
{
    public required string OrderId { get; init; }

    /// <summary>Null for an anonymous order.</summary>
    public string? CustomerId { get; init; }

    public string? Country { get; init; }

    /// <summary>ISO 4217, as in GBP.</summary>
    public required string Currency { get; init; }

    public required OrderLines Lines { get; init; }

    /// <summary>The sum of quantity times unit price, as the source says it; a credit is negative.</summary>
    public required decimal Total { get; init; }
}
