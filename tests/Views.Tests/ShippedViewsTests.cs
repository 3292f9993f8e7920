namespace Kappa.Tests;

public sealed class ShippedViewsTests
{
    [Fact]
    public void The_shipped_event_types_have_their_published_names() =>
        Assert.Equal(
            ["game.ended", "game.move-played", "game.started", "shop.customer.email-changed", "shop.customer.registered",
                "shop.customer.renamed", "shop.order.adjusted", "shop.order.cancelled", "shop.order.placed"],
            ShippedViews.Events().All.Select(type => type.WireName).Order(StringComparer.Ordinal));

    [Fact]
    public void The_shipped_views_have_their_published_names_and_handle_registered_events()
    {
        var types = ShippedViews.Events();
        Assert.Equal(["customer-spend v1", "monthly-sales v1", "game v1", "player v1"], ShippedViews.All().Select(view => view.ToString()));
        Assert.All(ShippedViews.All().SelectMany(view => view.Events), record => types.Of(record));
    }
}
