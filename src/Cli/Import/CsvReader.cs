using System.Text;

namespace Kappa.Cli.Import;

/// <summary>Reads comma-separated values as RFC 4180 has them: quotes, doubled quotes, commas and line ends inside quotes.</summary>
internal sealed class CsvReader(TextReader text)
{
    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];

    /// <summary>The line of the file on which the last record ended, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next record's fields, valid until the next call; null at the end. Empty lines are left out.</summary>
    /// <exception cref="FormatException">A quote is never closed, or stands inside an unquoted field.</exception>
    public IReadOnlyList<string>? Next()
    {
        while (text.Peek() is '\r' or '\n')
            EndLine(text.Read());
        if (text.Peek() < 0)
            return null;
        _fields.Clear();
        while (true)
        {
            _field.Clear();
            if (text.Peek() == '"')
                ReadQuoted();
            else
                ReadPlain();
            _fields.Add(_field.ToString());
            var after = text.Read();
            if (after == ',')
                continue;
            if (after is not ('\r' or '\n' or < 0))
                throw new FormatException($"Line {Line + 1}: after a closing quote only a comma or the end of the line may follow.");
            EndLine(after);
            return _fields;
        }
    }

    private void ReadPlain()
    {
        while (text.Peek() is not (',' or '\r' or '\n' or < 0))
        {
            if (text.Peek() == '"')
                throw new FormatException($"Line {Line + 1}: a quote inside a field; a field with quotes must be quoted itself.");
            _field.Append((char)text.Read());
        }
    }

    private void ReadQuoted()
    {
        text.Read();
        while (true)
        {
            var one = text.Read();
            if (one < 0)
                throw new FormatException($"Line {Line + 1}: a quote is opened and never closed.");
            if (one == '"')
            {
                if (text.Peek() != '"')
                    return;
                text.Read();
            }
            else if (one == '\n')
                Line++;
            _field.Append((char)one);
        }
    }

    private void EndLine(int character)
    {
        if (character == '\r' && text.Peek() == '\n')
            text.Read();
        Line++;
    }
}
