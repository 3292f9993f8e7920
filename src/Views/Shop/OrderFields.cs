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
}
