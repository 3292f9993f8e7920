using Kappa.Views;

namespace Kappa.Games;

/// <summary>Each player's record. A player's games lie in many partitions, so nothing here may depend on their order.</summary>
public sealed class PlayerView : View<Player>
{
    public PlayerView() : base("player", version: 1)
    {
        OnEach<GameEnded>(e => [e.White, e.Black], (player, e, _) => player.Ended(e));
        Rank("rating", player => player.Rating);
    }
}
