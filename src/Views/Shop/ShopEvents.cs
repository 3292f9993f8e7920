using Kappa.Events;

namespace Kappa.Shop;

/// <summary>The shop's event types under their wire names.</summary>
public static class ShopEvents
{
    public static EventTypes Register(EventTypes types) => types
        .Add("shop.customer.registered", ShopEventsJson.Default.CustomerRegistered)
        .Add("shop.customer.renamed", ShopEventsJson.Default.CustomerRenamed)
        .Add("shop.customer.email-changed", ShopEventsJson.Default.CustomerEmailChanged)
        .Add("shop.order.placed", ShopEventsJson.Default.OrderPlaced, decoder: new OrderDecoder<OrderPlaced>(static o => new OrderPlaced
        {
            OrderId = o.OrderId, CustomerId = o.CustomerId, Country = o.Country, Currency = o.Currency, Lines = o.Lines, Total = o.Total,
        }))
        .Add("shop.order.cancelled", ShopEventsJson.Default.OrderCancelled, decoder: new OrderDecoder<OrderCancelled>(static o => new OrderCancelled
        {
            OrderId = o.OrderId, CustomerId = o.CustomerId, Country = o.Country, Currency = o.Currency, Lines = o.Lines, Total = o.Total,
        }))
        .Add("shop.order.adjusted", ShopEventsJson.Default.OrderAdjusted, decoder: new OrderDecoder<OrderAdjusted>(static o => new OrderAdjusted
        {
            OrderId = o.OrderId, CustomerId = o.CustomerId, Country = o.Country, Currency = o.Currency, Lines = o.Lines, Total = o.Total,
        }));
}
