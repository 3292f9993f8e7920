using Kappa.Games;
using Kappa.Grains.Hosting;

namespace Kappa.Grains.Games;

/// <summary>Instances of <c>game</c>.</summary>
[ViewGrain("game", 1)]
public sealed class GameGrain(GrainsContext context) : ViewGrain<Game>(context);
