using Kappa.Games;
using Kappa.Grains.Hosting;

namespace Kappa.Grains.Games;

/// <summary>Instances of <c>player</c>.</summary>
[ViewGrain("player", 1)]
public sealed class PlayerGrain(GrainsContext context) : ViewGrain<Player>(context);
