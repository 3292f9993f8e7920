namespace Kappa.Games;

/// <summary><c>game.move-played</c>: one half-move.</summary>
public sealed record MovePlayed
{
    /// <summary>The longest game that the rules allow has some 17,700 half-moves.</summary>
    public const int PlyMax = 20_000;

    public required string GameId { get; init; }

    /// <summary>1 is White's first move, 2 Black's first; at most <see cref="PlyMax"/>.</summary>
    public required int Ply { get; init; }

    /// <summary>Standard algebraic notation, as in <c>Nf3</c>.</summary>
    public required string San { get; init; }
}
