using Kappa.Events;
using Kappa.Games;
using Kappa.Shop;
using Kappa.Views;
using Kappa.Views.Checks;

namespace Kappa.Tests;

/// <summary>Short ways to make shipped events and fold them.</summary>
internal static class Shipped
{
    public static EventTypes Types { get; } = ShippedViews.Events().Seal();

    public static DateTimeOffset Day(int year, int month, int day, int hour = 0) => new(year, month, day, hour, 0, 0, TimeSpan.Zero);

    public static ViewFixture<TState> Fold<TState>(View<TState> view, EventScript script) where TState : class, IViewState<TState> =>
        new ViewFixture<TState>(view, Types).Take(script.Events);

    public static OrderPlaced Placed(string? customer, decimal total, int quantity = 1) => new()
    {
        OrderId = "o", CustomerId = customer, Currency = "GBP", Total = total, Lines = [new OrderLine { Sku = "s", Quantity = quantity, UnitPrice = total }],
    };

    public static OrderCancelled Cancelled(string? customer, decimal total, int quantity = -1) => new()
    {
        OrderId = "c", CustomerId = customer, Currency = "GBP", Total = total, Lines = [new OrderLine { Sku = "s", Quantity = quantity, UnitPrice = -total }],
    };

    public static GameEnded Ended(string id, string white, string black, string result, DateTimeOffset at,
        int? whiteRating = null, int? blackRating = null, int? whiteChange = null, int? blackChange = null) => new()
    {
        GameId = id, White = white, Black = black, Result = result, StartedAt = at,
        WhiteRating = whiteRating, BlackRating = blackRating, WhiteRatingChange = whiteChange, BlackRatingChange = blackChange,
    };
}
