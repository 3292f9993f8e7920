using System.Text;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Lists of keys, lookups, ranks, and watching the top of a rank.</summary>
public abstract class ListContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task Keys_come_in_the_order_of_their_utf8_bytes_in_pages_without_gap_or_repeat()
    {
        string[] keys = ["a", "a/b", "a b", "b%", "ä", "\uFFFD", "😀", "z", "ab", "aa"];
        var host = await OpenAsync();
        await host.AppendAsync([.. keys.Select(key => new Credited(key, 1))]);
        await host.CaughtUpAsync();
        var seen = new List<string>();
        for (string? after = null; ;)
        {
            var page = await host.Views.KeysAsync("account", "", after, 3);
            seen.AddRange(page.Items.Select(item => item.Key));
            if ((after = page.Next) is null)
                break;
        }
        Assert.Equal(keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal), seen);
        Assert.Equal(["a", "a b", "a/b", "aa", "ab"], (await host.Views.KeysAsync("account", "a", null, 10)).Items.Select(item => item.Key));
        await Assert.ThrowsAsync<InvalidCursorException>(async () => await host.Views.KeysAsync("account", "", "rubbish!", 3));
    }

    [Fact]
    public async Task Lookups_follow_the_state_by_value_and_by_prefix_and_page()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("1", 1, "ann"), new Credited("2", 1, "anna"), new Credited("3", 1, "bob"), new Credited("4", 1, "ann"));
        await host.CaughtUpAsync();
        Assert.Equal(["1", "4"], await KeysAsync("owner", "ann"));
        Assert.Equal(["1", "4", "2"], await KeysAsync("owner-prefix", "ann"));
        await host.AppendAsync(new Credited("1", 1, "bob"));
        await host.CaughtUpAsync();
        Assert.Equal(["4"], await KeysAsync("owner", "ann"));
        Assert.Equal(["1", "3"], await KeysAsync("owner", "bob"));
        await Assert.ThrowsAsync<UnknownIndexException>(async () => await host.Views.LookupAsync("account", "none", "x", null, 1));

        async Task<List<string>> KeysAsync(string lookup, string value)
        {
            var keys = new List<string>();
            for (string? after = null; ;)
            {
                var page = await host.Views.LookupAsync("account", lookup, value, after, 1);
                keys.AddRange(page.Items.Select(envelope => envelope.Key));
                if ((after = page.Next) is null)
                    return keys;
            }
        }
    }

    [Fact]
    public async Task A_rank_leaves_out_instances_without_a_number()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("a", 5), new Credited("b", 3, "bea"), new Credited("c", 4, "cleo"));
        await host.CaughtUpAsync();
        Assert.Equal(["c", "b"], (await host.Views.TopAsync("account", "owned", 10)).Select(envelope => envelope.Key));
        await host.AppendAsync(new Credited("a", 5, "ann"), new Closed("c"));
        await host.CaughtUpAsync();
        Assert.Equal(["a", "b"], (await host.Views.TopAsync("account", "owned", 10)).Select(envelope => envelope.Key));
        await Assert.ThrowsAsync<UnknownIndexException>(async () => await host.Views.TopAsync("account", "none", 1));
    }

    [Fact]
    public async Task A_rank_descends_with_ties_by_key_and_follows_the_state()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("b", 5), new Credited("a", 5), new Credited("c", 9), new Credited("d", 1));
        await host.CaughtUpAsync();
        Assert.Equal(["c", "a", "b"], (await host.Views.TopAsync("account", "balance", 3)).Select(envelope => envelope.Key));
        await host.AppendAsync(new Credited("d", 100));
        await host.CaughtUpAsync();
        Assert.Equal(["d", "c"], (await host.Views.TopAsync("account", "balance", 2)).Select(envelope => envelope.Key));
    }

    [Fact]
    public async Task The_top_of_a_rank_is_watched()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("a", 5), new Credited("b", 3));
        await host.CaughtUpAsync();
        await using var watch = host.Views.WatchTopAsync("account", "balance", 1).GetAsyncEnumerator();
        Assert.Equal("a", (await NextAsync(watch)).Single().Key);
        await host.AppendAsync(new Credited("b", 3));
        Assert.Equal("b", (await NextAsync(watch)).Single().Key);
    }

    [Fact]
    public async Task A_change_of_one_at_the_top_is_seen_even_if_the_order_stays()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("a", 5), new Credited("b", 3), new Credited("c", 1));
        await host.CaughtUpAsync();
        await using var watch = host.Views.WatchTopAsync("account", "balance", 2).GetAsyncEnumerator();
        Assert.Equal([("a", 1L), ("b", 1L)], (await NextAsync(watch)).Select(envelope => (envelope.Key, envelope.Version)));
        await host.AppendAsync(new Credited("b", 1));
        Assert.Equal([("a", 1L), ("b", 2L)], (await NextAsync(watch)).Select(envelope => (envelope.Key, envelope.Version)));
    }
}
