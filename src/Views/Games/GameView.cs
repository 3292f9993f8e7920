using Kappa.Views;

namespace Kappa.Games;

/// <summary>
/// Each game move by move. The key is the game's id in the data, not in the subject: a subject is its writer's to
/// choose, and nobody checks that it names the same game.
/// </summary>
public sealed class GameView : View<Game>
{
    public GameView() : base("game", version: 1)
    {
        On<GameStarted>(e => e.GameId, (game, e, _) => game.Between(e.White, e.Black, e.StartedAt));
        On<MovePlayed>(e => e.GameId, (game, e, _) => game.Played(e.Ply, e.San));
        On<GameEnded>(e => e.GameId, (game, e, _) => game.Between(e.White, e.Black, e.StartedAt).Ended(e.Result));
    }
}
