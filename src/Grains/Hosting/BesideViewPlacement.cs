using Orleans;
using Orleans.Runtime;

namespace Kappa.Grains.Hosting;

/// <summary>See <see cref="BesideViewAttribute"/>.</summary>
[GenerateSerializer, Immutable]
internal sealed class BesideViewPlacement : PlacementStrategy;
