using Kappa.Events;

namespace Kappa.Games;

/// <summary>The event types of games under their wire names.</summary>
public static class GameEvents
{
    public static EventTypes Register(EventTypes types) => types
        .Add("game.started", GameEventsJson.Default.GameStarted)
        .Add("game.move-played", GameEventsJson.Default.MovePlayed, decoder: new MovePlayedDecoder())
        .Add("game.ended", GameEventsJson.Default.GameEnded);
}
