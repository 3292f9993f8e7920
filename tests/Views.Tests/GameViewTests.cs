using Kappa.Games;
using Kappa.Views.Checks;
using static Kappa.Tests.Shipped;

namespace Kappa.Tests;

public sealed class GameViewTests
{
    private readonly EventScript _script = new(Types);

    private string? State(string key) => Fold(new GameView(), _script).Json(key);

    [Fact]
    public void A_game_is_played_move_by_move_and_ends()
    {
        _script.Add(new GameStarted { GameId = "g", White = "Ada", Black = "Bob", StartedAt = Day(2025, 3, 25, 19) }, "game/g")
            .Add(new MovePlayed { GameId = "g", Ply = 1, San = "e4" }, "game/g")
            .Add(new MovePlayed { GameId = "g", Ply = 2, San = "e5" }, "game/g");
        Assert.Equal("""{"gameId":"g","white":"Ada","black":"Bob","status":"playing","result":null,"plies":2,"moves":["e4","e5"],"startedAt":"2025-03-25T19:00:00Z"}""", State("g"));
        _script.Add(Ended("g", "Ada", "Bob", "1/2-1/2", Day(2025, 3, 25, 19)), "game/g");
        Assert.Equal("""{"gameId":"g","white":"Ada","black":"Bob","status":"ended","result":"1/2-1/2","plies":2,"moves":["e4","e5"],"startedAt":"2025-03-25T19:00:00Z"}""", State("g"));
    }

    [Fact]
    public void A_move_that_comes_first_leaves_the_rest_null()
    {
        _script.Add(new MovePlayed { GameId = "g", Ply = 2, San = "e5" }, "game/g");
        Assert.Equal("""{"gameId":"g","white":null,"black":null,"status":"playing","result":null,"plies":2,"moves":[null,"e5"],"startedAt":null}""", State("g"));
    }

    [Fact]
    public void The_key_is_the_id_in_the_data_whatever_the_subject()
    {
        _script.Add(new MovePlayed { GameId = "g", Ply = 1, San = "e4" }, "match/7");
        Assert.Equal(["g"], Fold(new GameView(), _script).Keys);
    }
}
