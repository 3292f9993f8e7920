using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Json;
using Kappa.Views;

namespace Kappa.Games;

/// <summary>One game of chess.</summary>
public sealed class Game : IViewState<Game>
{
    public const string Playing = "playing";
    public const string Over = "ended";

    public required string GameId { get; init; }
    public string? White { get; set; }
    public string? Black { get; set; }

    /// <summary><see cref="Playing"/> or <see cref="Over"/>.</summary>
    public string Status { get; set; } = Playing;

    /// <summary>Null while the game is played.</summary>
    public string? Result { get; set; }

    /// <summary>The number of the last half-move.</summary>
    public int Plies { get; set; }

    /// <summary>The moves in the order of their ply, whatever order they came in; null where one has not come yet.</summary>
    public List<string?> Moves { get; init; } = [];

    [JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset? StartedAt { get; set; }

    public static Game Start(string key) => new() { GameId = key };

    public static JsonTypeInfo<Game> Json => GameStatesJson.Default.Game;

    internal Game Between(string white, string black, DateTimeOffset startedAt)
    {
        (White, Black, StartedAt) = (white, black, startedAt);
        return this;
    }

    internal Game Played(int ply, string san)
    {
        while (Moves.Count < ply)
            Moves.Add(null);
        Moves[ply - 1] = san;
        Plies = Moves.Count;
        return this;
    }

    internal Game Ended(string result)
    {
        (Status, Result) = (Over, result);
        return this;
    }
}
