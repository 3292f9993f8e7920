using Kappa.Events;
using Kappa.Games;
using Kappa.Shop;
using Kappa.Views;

namespace Kappa;

/// <summary>Everything that ships: a web shop and chess games. Hosts start with these and add their own.</summary>
public static class ShippedViews
{
    /// <summary>A new registry with the event types of the shop and the games; add to it before its first use.</summary>
    public static EventTypes Events()
    {
        var types = new EventTypes();
        ShopEvents.Register(types);
        GameEvents.Register(types);
        return types;
    }

    /// <summary>The four views, ready to fold.</summary>
    public static IReadOnlyList<View> All() =>
        [new CustomerSpendView(), new MonthlySalesView(), new GameView(), new PlayerView()];
}
