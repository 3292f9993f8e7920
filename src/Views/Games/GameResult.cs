namespace Kappa.Games;

/// <summary>How a game may end, as PGN writes it.</summary>
public static class GameResult
{
    public const string WhiteWins = "1-0";
    public const string BlackWins = "0-1";
    public const string Draw = "1/2-1/2";

    /// <summary>Broken off, or not known.</summary>
    public const string Unknown = "*";

    /// <summary>The constant that equals <paramref name="text"/>; null if none does.</summary>
    public static string? Of(string? text) => text switch
    {
        WhiteWins => WhiteWins,
        BlackWins => BlackWins,
        Draw => Draw,
        Unknown => Unknown,
        _ => null,
    };
}
