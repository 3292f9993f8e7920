using System.Text.Json.Serialization;
using Kappa.Json;

namespace Kappa.Games;

/// <summary><c>game.started</c></summary>
public sealed record GameStarted
{
    public required string GameId { get; init; }
    public required string White { get; init; }
    public required string Black { get; init; }

    /// <summary>The rating before the game.</summary>
    public int? WhiteRating { get; init; }

    public int? BlackRating { get; init; }

    /// <summary>As in <c>300+0</c>: seconds, and seconds gained by a move.</summary>
    public string? TimeControl { get; init; }

    public string? Tournament { get; init; }

    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset StartedAt { get; init; }
}
