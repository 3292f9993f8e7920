using Kappa.Cli.Import;

namespace Kappa.Tests;

public sealed class PgnReaderTests
{
    private static PgnGame[] Read(string text) => [.. new PgnReader(new StringReader(text)).Games()];

    [Theory]
    [InlineData("1. e4 e5 2. Nf3 1-0", "e4 e5 Nf3")]
    [InlineData("1.e4 e5 2.Nf3+ Nc6# *", "e4 e5 Nf3+ Nc6#")]
    [InlineData("1. e4! {best [%clk 0:01:00] by test} e5?! $14 2. O-O-O 0-0 1/2-1/2", "e4 e5 O-O-O 0-0")]
    [InlineData("1. e4 (1. d4 d5 (1... Nf6 {x)} 2. c4) 2. c4) 1... e5 0-1", "e4 e5")]
    [InlineData("; a line\n1. e4 ; to the end 1-0\n% escaped e5\n e6 1-0", "e4 e6")]
    [InlineData("1. e8=Q+ bxa1=N\r\n2... Rad1 *", "e8=Q+ bxa1=N Rad1")]
    [InlineData(" 0-1", "")]
    public void Moves_are_what_is_left_without_numbers_comments_variations_and_marks(string movetext, string moves) =>
        Assert.Equal(moves, string.Join(' ', Assert.Single(Read("[White \"a\"]\n\n" + movetext)).Moves));

    [Fact]
    public void Games_follow_each_other_with_or_without_a_result_at_the_end()
    {
        var games = Read("[GameId \"1\"]\n\n1. e4 1-0\n\n\n[GameId \"2\"]\n\n0-1\n\n[GameId \"3\"]\n\n1. d4\n\n[GameId \"4\"]\n\n1. c4");
        Assert.Equal([("1", 1), ("2", 0), ("3", 1), ("4", 1)], games.Select(game => (game.Tag("GameId"), game.Moves.Count)));
    }

    [Fact]
    public void A_tag_may_hold_escaped_quotes_and_any_character()
    {
        var game = Assert.Single(Read("[Event \"≤2000 \\\"Super\\\\Blitz\\\" ]\"]\n[WhiteElo \"?\"]\n\n*"));
        Assert.Equal("≤2000 \"Super\\Blitz\" ]", game.Tag("Event"));
        Assert.Null(game.Tag("WhiteElo"));
    }

    [Theory]
    [InlineData("[Event]\n", "Line 1")]
    [InlineData("\n[Event \"open\n", "the tag Event is never closed")]
    [InlineData("[A \"b\"]\n\n1. e4 ]", "out of place")]
    public void What_is_no_pgn_names_its_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Read(text)).Message);

    [Fact]
    public void A_game_without_an_id_or_a_time_is_refused_by_its_number()
    {
        var types = ShippedViews.Events();
        Assert.Contains("Game 1 has no tag GameId", Assert.Throws<FormatException>(() =>
            LichessGames.Events(new StringReader("[White \"a\"]\n[Black \"b\"]\n\n*"), types).ToList()).Message);
        Assert.Contains("Game 1 has no tag UTCDate", Assert.Throws<FormatException>(() =>
            LichessGames.Events(new StringReader("[White \"a\"]\n[Black \"b\"]\n[Site \"https://x/abc\"]\n\n*"), types).ToList()).Message);
    }

    [Fact]
    public void A_game_becomes_its_start_its_half_moves_and_its_end()
    {
        var events = LichessGames.Events(new StringReader(
            "[Event \"E\"]\n[GameId \"g\"]\n[White \"a\"]\n[Black \"b\"]\n[Result \"0-1\"]\n[UTCDate \"2025.03.25\"]\n[UTCTime \"19:57:59\"]\n[WhiteElo \"1859\"]\n[WhiteRatingDiff \"-8\"]\n\n1. e4 e5 0-1"),
            ShippedViews.Events()).ToList();
        Assert.Equal(["g/started", "g/1", "g/2", "g/ended"], events.Select(one => one.Id));
        Assert.All(events, one => Assert.Equal(("/lichess", "game/g", "2025-03-25T19:57:59Z"), (one.Source, one.Subject, one.Time)));
        Assert.Equal("""{"gameId":"g","white":"a","black":"b","result":"0-1","whiteRatingChange":-8,"whiteRating":1859,"startedAt":"2025-03-25T19:57:59Z"}""",
            System.Text.Encoding.UTF8.GetString(events[^1].Data.Span));
    }
}
