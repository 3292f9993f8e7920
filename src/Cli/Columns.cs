namespace Kappa.Cli;

/// <summary>Rows in aligned columns: numbers to the right, texts to the left, two spaces between.</summary>
internal sealed class Columns(params string[] titles)
{
    private readonly List<string[]> _rows = [titles];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter writer)
    {
        var widths = titles.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        var numbers = titles.Select((_, column) => _rows.Count > 1 && _rows.Skip(1).All(row => IsNumber(row[column]))).ToArray();
        foreach (var row in _rows)
            writer.WriteLine(string.Join("  ", row.Select((cell, column) =>
                numbers[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }

    private static bool IsNumber(string cell) => cell.Length > 0 && cell.All(one => char.IsAsciiDigit(one) || one is '-' or '+' or '.' or ',');
}
