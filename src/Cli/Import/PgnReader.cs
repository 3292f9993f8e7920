using System.Text;

namespace Kappa.Cli.Import;

/// <summary>
/// Reads games in Portable Game Notation, one at a time. Comments, variations, annotations and move numbers are left out.
/// </summary>
internal sealed class PgnReader(TextReader text)
{
    private readonly StringBuilder _token = new();
    private int _line = 1;

    /// <exception cref="FormatException">The text is no PGN; says on which line.</exception>
    public IEnumerable<PgnGame> Games()
    {
        var (tags, moves, depth) = (new Dictionary<string, string>(), new List<string>(), 0);
        while (Peek() is var next && next >= 0)
        {
            if (char.IsWhiteSpace((char)next))
                Read();
            else if (next is ';' or '%')
                SkipPast('\n');
            else if (next == '{')
                SkipPast('}');
            else if (next == '[' && depth == 0)
            {
                // Some writers leave out the result at the end: the next game's tags end the game too.
                if (moves.Count > 0)
                {
                    yield return new PgnGame(tags, moves);
                    (tags, moves) = ([], []);
                }
                ReadTag(tags);
            }
            else if (next is '(' or ')')
                depth = Math.Max(0, depth + (Read() == '(' ? 1 : -1));
            else
            {
                var token = Token();
                if (depth > 0)
                    continue;
                if (token is "1-0" or "0-1" or "1/2-1/2" or "*")
                {
                    yield return new PgnGame(tags, moves);
                    (tags, moves) = ([], []);
                }
                else if (Move(token) is { Length: > 0 } move)
                    moves.Add(move);
            }
        }
        if (tags.Count > 0 || moves.Count > 0)
            yield return new PgnGame(tags, moves);
    }

    private void ReadTag(Dictionary<string, string> tags)
    {
        Read();
        var name = Token();
        while (Peek() is ' ' or '\t')
            Read();
        if (Read() != '"')
            throw new FormatException($"Line {_line}: the tag {name} has no value in quotes.");
        _token.Clear();
        for (var one = Read(); one != '"'; one = Read())
        {
            if (one == '\\')
                one = Read();
            if (one is < 0 or '\n')
                throw new FormatException($"Line {_line}: the value of the tag {name} is never closed.");
            _token.Append((char)one);
        }
        tags[name] = _token.ToString();
        SkipPast(']');
    }

    private string Token()
    {
        _token.Clear();
        while (Peek() is var one && one >= 0 && !char.IsWhiteSpace((char)one) && one is not ('(' or ')' or '{' or '}' or '[' or ']' or ';' or '"'))
            _token.Append((char)Read());
        if (_token.Length == 0)
            throw new FormatException($"Line {_line}: '{(char)Peek()}' is out of place.");
        return _token.ToString();
    }

    /// <summary>The move of a token such as <c>12.Nf3!?</c>; empty for a move number or an annotation alone.</summary>
    private static string Move(string token)
    {
        var digits = token.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits < 0 || token[0] == '$')
            return "";
        // 0-0 is castling, not a move number.
        return (token[digits] == '.' ? token[digits..].TrimStart('.') : token).TrimEnd('!', '?');
    }

    private void SkipPast(char end)
    {
        for (var one = Read(); one >= 0 && one != end; one = Read())
        {
        }
    }

    private int Peek() => text.Peek();

    private int Read()
    {
        var one = text.Read();
        if (one == '\n')
            _line++;
        return one;
    }
}
