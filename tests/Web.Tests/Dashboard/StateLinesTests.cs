using System.Text;
using Kappa.Web.Dashboard;

namespace Kappa.Tests.Dashboard;

public sealed class StateLinesTests
{
    [Fact]
    public void A_state_is_written_field_by_field_and_short_parts_stay_on_a_line() => Assert.Equal(
        ["{", "  \"name\": \"Zoë <O'Connor>\",", "  \"months\": [", "    { \"month\": \"2010-12\", \"total\": 1.500 },",
            "    { \"month\": \"2011-01\", \"total\": -0.10 }", "  ],", "  \"moves\": [\"e4\", \"e5\"]", "}"],
        Lines("""{"name":"Zo\u00eb <O'Connor>","months":[{"month":"2010-12","total":1.500},{"month":"2011-01","total":-0.10}],"moves":["e4","e5"]}"""));

    [Fact]
    public void A_long_list_of_plain_values_fills_lines()
    {
        var lines = Lines($$"""{"moves":[{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"m{i}\""))}}]}""");
        Assert.True(lines.Count is > 5 and < 20);
        Assert.All(lines, line => Assert.True(line.Length <= 80));
    }

    [Fact]
    public void A_state_of_many_lines_is_cut_and_says_so()
    {
        var lines = Lines($$"""{{{string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"p{i}\":{i}"))}}}""");
        Assert.Equal(PrettyJson.LinesMax + 1, lines.Count);
        Assert.Equal("… 602 more lines", lines[^1]);
    }

    [Fact]
    public void Lines_that_stay_keep_the_version_in_which_they_changed()
    {
        var first = StateLines.Follow([], ["{", "a: 1", "b: 1", "}"], version: 1);
        var second = StateLines.Follow(first, ["{", "a: 1", "b: 2", "c: 1", "}"], version: 2);
        Assert.Equal([1, 1, 2, 2, 1], second.Select(line => line.ChangedAt));
    }

    [Fact]
    public void Whatever_two_states_are_compared_both_can_be_read_from_the_result()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            string[] old = [.. Enumerable.Range(0, random.Next(12)).Select(_ => $"{random.Next(4)}")];
            string[] now = [.. Enumerable.Range(0, random.Next(12)).Select(_ => $"{random.Next(4)}")];
            var compared = StateLines.Compare(old, now);
            Assert.True(
                compared.Where(line => line.Change != '+').Select(line => line.Text).SequenceEqual(old)
                && compared.Where(line => line.Change != '-').Select(line => line.Text).SequenceEqual(now), $"Seed {seed}, round {round}.");
        }
    }

    [Fact]
    public void Whatever_a_page_becomes_the_change_leads_there()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var before = "";
        for (var round = 0; round < 500; round++)
        {
            var after = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(4) switch { 0 => "a", 1 => "😀", 2 => "😁", _ => "é" }));
            var text = Encoding.UTF8.GetString(PageChange.Between(before, after));
            using var change = System.Text.Json.JsonDocument.Parse(text["data: ".Length..]);
            var (head, tail) = (change.RootElement.GetProperty("head").GetInt32(), change.RootElement.GetProperty("tail").GetInt32());
            Assert.True(before[..head] + change.RootElement.GetProperty("html").GetString() + before[^tail..] == after, $"Seed {seed}, round {round}.");
            before = after;
        }
    }

    private static IReadOnlyList<string> Lines(string json) => PrettyJson.Lines(Encoding.UTF8.GetBytes(json));
}
