using Kappa.Games;
using Kappa.Views.Checks;
using static Kappa.Tests.Shipped;

namespace Kappa.Tests;

public sealed class PlayerViewTests
{
    private readonly EventScript _script = new(Types);

    private Player Ada => Fold(new PlayerView(), _script).State("Ada")!;

    [Fact]
    public void A_game_counts_for_both_players_from_their_side()
    {
        _script.Add(Ended("g", "Ada", "Bob", "1-0", Day(2025, 3, 25), 1500, 1400, 8, -7), "game/g");
        var players = Fold(new PlayerView(), _script);
        Assert.Equal("""{"player":"Ada","rating":1508,"played":1,"wins":1,"draws":0,"losses":0,"lastStartedAt":"2025-03-25T00:00:00Z","$ratedAt":"2025-03-25T00:00:00Z","$ratedGame":"g"}""", players.Json("Ada"));
        Assert.Equal("""{"player":"Bob","rating":1393,"played":1,"wins":0,"draws":0,"losses":1,"lastStartedAt":"2025-03-25T00:00:00Z","$ratedAt":"2025-03-25T00:00:00Z","$ratedGame":"g"}""", players.Json("Bob"));
    }

    [Fact]
    public void A_draw_and_an_unknown_result_are_neither_won_nor_lost()
    {
        _script.Add(Ended("1", "Ada", "Bob", "1/2-1/2", Day(2025, 1, 1)), "game/1").Add(Ended("2", "Bob", "Ada", "*", Day(2025, 1, 2)), "game/2");
        Assert.Equal((2, 0, 1, 0), (Ada.Played, Ada.Wins, Ada.Draws, Ada.Losses));
        Assert.Null(Ada.Rating);
    }

    [Fact]
    public void The_rating_is_that_after_the_latest_rated_game_whatever_comes_last()
    {
        _script.Add(Ended("2", "Ada", "Bob", "1-0", Day(2025, 1, 2), whiteRating: 1600), "game/2")
            .Add(Ended("1", "Ada", "Bob", "1-0", Day(2025, 1, 1), whiteRating: 1500, whiteChange: 5), "game/1")
            .Add(Ended("3", "Bob", "Ada", "1-0", Day(2025, 1, 3)), "game/3");
        Assert.Equal((1600, Day(2025, 1, 3)), (Ada.Rating, Ada.LastStartedAt));
    }

    [Fact]
    public void Games_of_the_same_moment_are_decided_by_their_id()
    {
        _script.Add(Ended("b", "Ada", "Bob", "1-0", Day(2025, 1, 1), whiteRating: 1), "game/b")
            .Add(Ended("a", "Ada", "Bob", "1-0", Day(2025, 1, 1), whiteRating: 2), "game/a");
        Assert.Equal(1, Ada.Rating);
    }

    [Fact]
    public void A_game_still_played_does_not_count_yet()
    {
        _script.Add(new GameStarted { GameId = "g", White = "Ada", Black = "Bob", StartedAt = Day(2025, 3, 25) }, "game/g");
        Assert.Empty(Fold(new PlayerView(), _script).Keys);
    }
}
