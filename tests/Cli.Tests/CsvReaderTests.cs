using Kappa.Cli.Import;

namespace Kappa.Tests;

public sealed class CsvReaderTests
{
    private static List<string[]> Read(string text)
    {
        var (csv, records) = (new CsvReader(new StringReader(text)), new List<string[]>());
        while (csv.Next() is { } fields)
            records.Add([.. fields]);
        return records;
    }

    [Theory]
    [InlineData("a,b\nc,d", "a|b/c|d")]
    [InlineData("a,b\r\nc,d\r\n", "a|b/c|d")]
    [InlineData("a,,\n", "a||")]
    [InlineData("\"x,y\",\"7\"\" single\"\n", "x,y|7\" single")]
    [InlineData("\"two\nlines\",b\n", "two\nlines|b")]
    [InlineData("\"\",b\n\n\na\n", "|b/a")]
    [InlineData("", "")]
    public void Records_are_split_as_the_rfc_says(string text, string expected) =>
        Assert.Equal(expected, string.Join('/', Read(text).Select(record => string.Join('|', record))));

    [Theory]
    [InlineData("a\nb,\"open", "Line 2")]
    [InlineData("a\"b\n", "Line 1")]
    [InlineData("a\n\"b\"c\n", "Line 2")]
    public void A_quote_out_of_place_names_its_line(string text, string line) =>
        Assert.Contains(line, Assert.Throws<FormatException>(() => Read(text)).Message);
}
