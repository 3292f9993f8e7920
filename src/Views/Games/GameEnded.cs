using System.Text.Json.Serialization;
using Kappa.Json;

namespace Kappa.Games;

/// <summary><c>game.ended</c>; tells again who played and when, so that a player's record needs no other event.</summary>
public sealed record GameEnded
{
    public required string GameId { get; init; }
    public required string White { get; init; }
    public required string Black { get; init; }

    /// <summary>One of <see cref="GameResult"/>.</summary>
    [JsonConverter(typeof(GameResultConverter))]
    public required string Result { get; init; }

    /// <summary>How it ended, as in <c>Time forfeit</c>.</summary>
    public string? Termination { get; init; }

    public int? WhiteRatingChange { get; init; }
    public int? BlackRatingChange { get; init; }

    /// <summary>The rating before the game.</summary>
    public int? WhiteRating { get; init; }

    public int? BlackRating { get; init; }

    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset StartedAt { get; init; }
}
