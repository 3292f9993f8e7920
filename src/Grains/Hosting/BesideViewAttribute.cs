using Orleans.Placement;
using Orleans.Runtime;

namespace Kappa.Grains.Hosting;

/// <summary>Places a grain, whose key begins with the name of a build, on a silo that has the code of that build's version.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BesideViewAttribute() : PlacementAttribute(new BesideViewPlacement());
