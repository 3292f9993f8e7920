using Kappa.Shop;
using Kappa.Grains.Hosting;

namespace Kappa.Grains.Shop;

/// <summary>Instances of <c>customer-spend</c>.</summary>
[ViewGrain("customer-spend", 1)]
public sealed class CustomerSpendGrain(GrainsContext context) : ViewGrain<CustomerSpend>(context);
