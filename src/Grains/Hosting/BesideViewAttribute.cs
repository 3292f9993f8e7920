using Orleans.Placement;
using Orleans.Runtime;

namespace Kappa.Grains.Hosting;

/// <summary>Places a grain, whose key is <c>build/number</c>, on a silo that has the code of that build's version.</summary>
/// <param name="byNumber">True if grains of one number belong on one silo, whatever their builds.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BesideViewAttribute(bool byNumber = false) : PlacementAttribute(new BesideViewPlacement { ByNumber = byNumber });
