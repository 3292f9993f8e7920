using Kappa.Shop;
using Kappa.Grains.Hosting;

namespace Kappa.Grains.Shop;

/// <summary>Instances of <c>monthly-sales</c>.</summary>
[ViewGrain("monthly-sales", 1)]
public sealed class MonthlySalesGrain(GrainsContext context) : ViewGrain<MonthlySales>(context);
