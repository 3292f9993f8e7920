namespace Kappa.Cli.Import;

/// <summary>One game of a PGN file: its tags, and its half-moves in standard algebraic notation.</summary>
internal sealed record PgnGame(IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Moves)
{
    /// <summary>A tag's value; null if it is missing or says that it is not known.</summary>
    public string? Tag(string name) => Tags.TryGetValue(name, out var value) && value is not ("" or "?" or "-") ? value : null;
}
