using System.Globalization;

namespace Kappa.Tests.Tidy;

/// <summary>The page on costs adds up: its lines to its sums, and its sums to the figures it opens with.</summary>
public sealed class CostPageTests
{
    private static readonly string[] _lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "azure-costs.md"));
    private static readonly decimal[] _millions = [1, 100, 3000];

    [Fact]
    public void Lines_add_up_to_the_sums()
    {
        var rows = Rows("| line |", columns: 6);
        var (lines, sums) = (rows[..^1], rows[^1]);
        Assert.Equal(16, lines.Length);
        for (var size = 0; size < _millions.Length; size++)
            Assert.Equal(Amount(sums[3 + size]), lines.Sum(line => Amount(line[3 + size])));
    }

    [Fact]
    public void The_figures_at_the_top_are_the_sums_rounded()
    {
        var sums = Rows("| line |", columns: 6)[^1];
        var top = Rows("| events of 10 KB a month |", columns: 4);
        for (var size = 0; size < _millions.Length; size++)
        {
            var sum = Amount(sums[3 + size]);
            Assert.Equal(decimal.Round(sum), Amount(top[size][2]));
            Assert.Equal(decimal.Round(sum / _millions[size], _millions[size] == 1 ? 0 : 2), Amount(top[size][3]));
        }
    }

    private static string[][] Rows(string header, int columns) =>
        _lines.SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', columns)).ToArray();

    private static decimal Amount(string cell) => decimal.Parse(cell.Trim(' ', '|', '*'), NumberStyles.Number, CultureInfo.InvariantCulture);
}
