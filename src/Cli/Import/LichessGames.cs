using System.Globalization;
using Kappa.Events;
using Kappa.Games;

namespace Kappa.Cli.Import;

/// <summary>
/// Games of lichess.org as events: one for the start, one for each half-move, one for the end, all at the time of the
/// start (the files hold no clock for moves; none is invented).
/// </summary>
internal static class LichessGames
{
    private const string Source = "/lichess";

    /// <exception cref="FormatException">A game lacks what an event needs; says which.</exception>
    public static IEnumerable<CloudEvent> Events(TextReader text, EventTypes types) =>
        new PgnReader(text).Games().SelectMany((game, index) => Events(game, index + 1, types));

    private static IEnumerable<CloudEvent> Events(PgnGame game, int number, EventTypes types)
    {
        var id = game.Tag("GameId") ?? game.Tag("Site")?.Split('/')[^1] ?? throw Missing(number, "GameId");
        var (white, black) = (game.Tag("White") ?? throw Missing(number, "White"), game.Tag("Black") ?? throw Missing(number, "Black"));
        var (whiteRating, blackRating) = (Number(game, "WhiteElo"), Number(game, "BlackElo"));
        var time = Time(game) ?? throw Missing(number, "UTCDate and UTCTime");
        yield return Of(new GameStarted
        {
            GameId = id, White = white, Black = black, WhiteRating = whiteRating, BlackRating = blackRating,
            TimeControl = game.Tag("TimeControl"), Tournament = game.Tag("Event"), StartedAt = time,
        }, "started");
        for (var i = 0; i < game.Moves.Count; i++)
            yield return Of(new MovePlayed { GameId = id, Ply = i + 1, San = game.Moves[i] }, (i + 1).ToString(CultureInfo.InvariantCulture));
        yield return Of(new GameEnded
        {
            GameId = id, White = white, Black = black, WhiteRating = whiteRating, BlackRating = blackRating,
            Result = GameResult.Of(game.Tag("Result")) ?? GameResult.Unknown, Termination = game.Tag("Termination"),
            WhiteRatingChange = Number(game, "WhiteRatingDiff"), BlackRatingChange = Number(game, "BlackRatingDiff"), StartedAt = time,
        }, "ended");

        CloudEvent Of(object record, string part) => CloudEvent.Of(types, record, $"{id}/{part}", Source, $"game/{id}", time);
    }

    private static int? Number(PgnGame game, string tag) =>
        int.TryParse(game.Tag(tag), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static DateTimeOffset? Time(PgnGame game) => DateTimeOffset.TryParseExact($"{game.Tag("UTCDate")} {game.Tag("UTCTime")}",
        "yyyy.MM.dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static FormatException Missing(int number, string tag) => new($"Game {number} has no tag {tag}.");
}
