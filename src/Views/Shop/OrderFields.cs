using Kappa.Json;

namespace Kappa.Shop;

/// <summary>The fields of an order while it is being read.</summary>
internal struct OrderFields
{
    public string OrderId;
    public string? CustomerId;
    public string? Country;
    public string Currency;
    public OrderLines Lines;
    public decimal Total;

    public static TextCache Countries { get; } = new(slotsAsPowerOfTwo: 8);
    public static TextCache Currencies { get; } = new(slotsAsPowerOfTwo: 6);
}
