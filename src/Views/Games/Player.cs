using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Json;
using Kappa.Views;

namespace Kappa.Games;

/// <summary>One player's record over all ended games, the same whatever order they come in.</summary>
public sealed class Player : IViewState<Player>
{
    [JsonPropertyName("player")]
    public required string Name { get; init; }

    /// <summary>The rating after the latest game that has one; null if none has.</summary>
    public int? Rating { get; set; }

    /// <summary>All ended games, those without a result included.</summary>
    public int Played { get; set; }

    public int Wins { get; set; }
    public int Draws { get; set; }
    public int Losses { get; set; }

    [JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset? LastStartedAt { get; set; }

    /// <summary>When the game that <see cref="Rating"/> is from started. A game that comes late is compared with it.</summary>
    [JsonPropertyName("$ratedAt"), JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset? RatedAt { get; set; }

    /// <summary>The id of that game: decides between games that started at the same time.</summary>
    [JsonPropertyName("$ratedGame")]
    public string? RatedGame { get; set; }

    public static Player Start(string key) => new() { Name = key };

    public static JsonTypeInfo<Player> Json => GameStatesJson.Default.Player;

    internal Player Ended(GameEnded game)
    {
        Played++;
        var white = game.White == Name;
        if (game.Result == GameResult.Draw)
            Draws++;
        else if (game.Result == (white ? GameResult.WhiteWins : GameResult.BlackWins))
            Wins++;
        else if (game.Result != GameResult.Unknown)
            Losses++;
        if (LastStartedAt is null || game.StartedAt > LastStartedAt)
            LastStartedAt = game.StartedAt;
        Rated(game, white ? game.WhiteRating + (game.WhiteRatingChange ?? 0) : game.BlackRating + (game.BlackRatingChange ?? 0));
        return this;
    }

    private void Rated(GameEnded game, int? rating)
    {
        if (rating is null || RatedAt is { } ratedAt && Compare(game, rating, ratedAt) <= 0)
            return;
        (Rating, RatedAt, RatedGame) = (rating, game.StartedAt, game.GameId);
    }

    private int Compare(GameEnded game, int? rating, DateTimeOffset ratedAt)
    {
        var order = game.StartedAt.CompareTo(ratedAt);
        if (order == 0)
            order = string.CompareOrdinal(game.GameId, RatedGame);
        // One game reported twice, with two ratings, through two partitions: take the same one in either order.
        return order != 0 ? order : Nullable.Compare(rating, Rating);
    }
}
