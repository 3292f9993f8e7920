using Kappa.Games;

namespace Kappa.Web.Demo;

/// <summary>Several chess games at once, move by move at a human pace; players' ratings go on from game to game. Not thread-safe.</summary>
internal sealed class DemoGames(Random random, string run)
{
    private const int BoardCount = 14;
    private const int StartRating = 1800;
    private static readonly TimeSpan _thinkingMean = TimeSpan.FromSeconds(1.3);

    private static readonly string[] _players =
    [
        "QuietRook", "endgame_ella", "Fianchetto77", "knight_owl", "PawnStorm", "zwischenzug", "Caro_Khan", "hanging_piece",
        "TempoTom", "SicilianSue", "BishopPair", "luft_is_life", "MateInMany", "en_passant_please", "Blunderbuss", "castle_late",
        "GambitGrete", "nimzo_nina", "OpenFile", "PerpetualPaul", "quiet_move", "RookLift", "skewer_sam", "TouchMove",
        "underpromotion", "Vienna_Vera", "weak_square", "XRayAttack", "young_pawn", "Zugzwang_Zoe", "DragonScale", "flag_fall",
    ];

    private readonly Dictionary<string, int> _ratings = _players.ToDictionary(player => player, _ => StartRating + random.Next(-400, 401));
    private readonly List<Board> _boards = [];
    private int _started;

    /// <summary>Everything that happened on the boards up to now.</summary>
    public void Play(DateTimeOffset now, List<DemoEvent> happened)
    {
        // One board after the other, so that the games don't all begin and end together.
        if (_boards.Count < BoardCount && random.Next(4) == 0)
            _boards.Add(Start(now, happened));
        for (var i = _boards.Count - 1; i >= 0; i--)
            if (_boards[i].NextMoveAt <= now)
                Move(i, now, happened);
    }

    private Board Start(DateTimeOffset now, List<DemoEvent> happened)
    {
        var free = _players.Where(player => !_boards.Exists(board => board.Started.White == player || board.Started.Black == player)).ToArray();
        random.Shuffle(free);
        var started = new GameStarted
        {
            GameId = $"{run}-g{++_started}",
            White = free[0],
            Black = free[1],
            WhiteRating = _ratings[free[0]],
            BlackRating = _ratings[free[1]],
            TimeControl = "60+0",
            StartedAt = now,
        };
        happened.Add(Of(started, started.GameId, "started"));
        return new Board(started, PlayedGames.All[random.Next(PlayedGames.All.Count)], now + Thinking());
    }

    private void Move(int at, DateTimeOffset now, List<DemoEvent> happened)
    {
        var board = _boards[at];
        if (board.Plies == board.Game.Moves.Length)
        {
            happened.Add(Of(End(board), board.Started.GameId, "ended"));
            _boards.RemoveAt(at);
            return;
        }
        var move = new MovePlayed { GameId = board.Started.GameId, Ply = board.Plies + 1, San = board.Game.Moves[board.Plies] };
        happened.Add(Of(move, move.GameId, $"{move.Ply}"));
        _boards[at] = board with { Plies = move.Ply, NextMoveAt = now + Thinking() };
    }

    private GameEnded End(Board board)
    {
        var started = board.Started;
        var score = board.Game.Result switch { GameResult.WhiteWins => 1.0, GameResult.BlackWins => 0.0, _ => 0.5 };
        // Elo's formula with a factor of 16.
        var expected = 1 / (1 + Math.Pow(10, (started.BlackRating!.Value - started.WhiteRating!.Value) / 400.0));
        var change = (int)Math.Round(16 * (score - expected));
        _ratings[started.White] = started.WhiteRating.Value + change;
        _ratings[started.Black] = started.BlackRating.Value - change;
        return new GameEnded
        {
            GameId = started.GameId,
            White = started.White,
            Black = started.Black,
            Result = board.Game.Result,
            Termination = board.Game.Termination,
            WhiteRating = started.WhiteRating,
            BlackRating = started.BlackRating,
            WhiteRatingChange = change,
            BlackRatingChange = -change,
            StartedAt = started.StartedAt,
        };
    }

    private TimeSpan Thinking() => _thinkingMean * -Math.Log(1 - random.NextDouble()) + TimeSpan.FromMilliseconds(150);

    private static DemoEvent Of(object record, string gameId, string what) => new(record, $"{gameId}/{what}", $"game/{gameId}");

    private sealed record Board(GameStarted Started, PlayedGame Game, DateTimeOffset NextMoveAt, int Plies = 0);
}
