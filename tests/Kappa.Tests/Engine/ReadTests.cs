using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class ReadTests
{
    [Fact]
    public async Task An_append_is_read_with_its_receipt()
    {
        await using var harness = new EngineHarness();
        var receipt = await harness.AppendAsync(new Credited("a", 12.50m), new Credited("a", 0.50m));
        var read = await harness.ReadAsync("a", receipt);
        Assert.Equal(ReadStatus.Found, read.Status);
        Assert.Equal(2, read.Envelope!.Version);
        Assert.Equal("""{"id":"a","balance":13.00,"events":2,"last":[12.50,0.50],"owner":null}""", await harness.StateAsync("a"));
        Assert.Equal(new Position(read.Envelope.Position!.Value.Partition, 1), read.Envelope.Position);
    }

    [Fact]
    public async Task A_transfer_reaches_both_of_its_keys()
    {
        await using var harness = new EngineHarness();
        var receipt = await harness.AppendAsync(new Transferred("a", "b", 5));
        Assert.Contains("\"balance\":-5", await harness.StateAsync("a", receipt), StringComparison.Ordinal);
        Assert.Contains("\"balance\":5", await harness.StateAsync("b", receipt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_routed_twice_by_one_event_is_applied_once()
    {
        await using var harness = new EngineHarness();
        var receipt = await harness.AppendAsync(new Transferred("a", "a", 5));
        Assert.Equal(1, (await harness.ReadAsync("a", receipt)).Envelope!.Version);
        Assert.True((await harness.Engine.AuditAsync("account")).Complete);
    }

    [Fact]
    public async Task An_unknown_key_is_not_found_even_with_a_receipt_that_was_reached()
    {
        await using var harness = new EngineHarness();
        var receipt = await harness.AppendAsync(new Credited("a", 1));
        Assert.Equal(ReadStatus.NotFound, (await harness.ReadAsync("b", receipt)).Status);
        await Assert.ThrowsAsync<UnknownViewException>(async () => await harness.ReadAsync("a", view: "nothing"));
    }

    [Fact]
    public async Task A_receipt_that_is_not_reached_is_not_yet_at_the_deadline()
    {
        await using var harness = new EngineHarness();
        var future = new Receipt(Cut.Zero.With(0, 1_000));
        Assert.Equal(ReadStatus.NotYet, (await harness.Engine.ReadAsync("account", "a", future, TimeSpan.FromMilliseconds(20))).Status);
    }

    [Fact]
    public async Task A_deleted_instance_is_not_found_and_goes_on_at_the_next_version()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 1, "owner"), new Closed("a"));
        await harness.CaughtUpAsync();
        Assert.Equal(ReadStatus.NotFound, (await harness.ReadAsync("a")).Status);
        Assert.Empty((await harness.Engine.KeysAsync("account", "", null, 10)).Items);
        Assert.Empty((await harness.Engine.LookupAsync("account", "owner", "owner", null, 10)).Items);
        var receipt = await harness.AppendAsync(new Credited("a", 7));
        var read = await harness.ReadAsync("a", receipt);
        Assert.Equal(3, read.Envelope!.Version);
        Assert.Equal("""{"id":"a","balance":7,"events":1,"last":[7],"owner":null}""", await harness.StateAsync("a"));
        Assert.True((await harness.Engine.AuditAsync("account")).Complete);
    }

    [Fact]
    public async Task Keys_come_in_the_order_of_their_utf8_bytes_in_pages_without_gap_or_repeat()
    {
        string[] keys = ["a", "a/b", "a b", "b%", "ä", "\uFFFD", "😀", "z", "ab", "aa"];
        await using var harness = new EngineHarness();
        await harness.AppendAsync([.. keys.Select(key => new Credited(key, 1))]);
        await harness.CaughtUpAsync();
        var seen = new List<string>();
        for (string? after = null; ;)
        {
            var page = await harness.Engine.KeysAsync("account", "", after, 3);
            seen.AddRange(page.Items.Select(item => item.Key));
            if ((after = page.Next) is null)
                break;
        }
        Assert.Equal(keys.OrderBy(key => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal), seen);
        Assert.Equal(["a", "a b", "a/b", "aa", "ab"], (await harness.Engine.KeysAsync("account", "a", null, 10)).Items.Select(item => item.Key));
        await Assert.ThrowsAsync<InvalidCursorException>(async () => await harness.Engine.KeysAsync("account", "", "rubbish!", 3));
    }

    [Fact]
    public async Task Lookups_follow_the_state_by_value_and_by_prefix_and_page()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("1", 1, "ann"), new Credited("2", 1, "anna"), new Credited("3", 1, "bob"), new Credited("4", 1, "ann"));
        await harness.CaughtUpAsync();
        Assert.Equal(["1", "4"], await KeysAsync("owner", "ann"));
        Assert.Equal(["1", "4", "2"], await KeysAsync("owner-prefix", "ann"));
        await harness.AppendAsync(new Credited("1", 1, "bob"));
        await harness.CaughtUpAsync();
        Assert.Equal(["4"], await KeysAsync("owner", "ann"));
        Assert.Equal(["1", "3"], await KeysAsync("owner", "bob"));
        await Assert.ThrowsAsync<UnknownIndexException>(async () => await harness.Engine.LookupAsync("account", "none", "x", null, 1));

        async Task<List<string>> KeysAsync(string lookup, string value)
        {
            var keys = new List<string>();
            for (string? after = null; ;)
            {
                var page = await harness.Engine.LookupAsync("account", lookup, value, after, 1);
                keys.AddRange(page.Items.Select(envelope => envelope.Key));
                if ((after = page.Next) is null)
                    return keys;
            }
        }
    }

    [Fact]
    public async Task A_rank_descends_with_ties_by_key_and_follows_the_state()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("b", 5), new Credited("a", 5), new Credited("c", 9), new Credited("d", 1));
        await harness.CaughtUpAsync();
        Assert.Equal(["c", "a", "b"], (await harness.Engine.TopAsync("account", "balance", 3)).Select(envelope => envelope.Key));
        await harness.AppendAsync(new Credited("d", 100));
        await harness.CaughtUpAsync();
        Assert.Equal(["d", "c"], (await harness.Engine.TopAsync("account", "balance", 2)).Select(envelope => envelope.Key));
    }

    [Fact]
    public async Task Explain_gives_each_event_with_the_state_before_and_after()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 1), new Closed("a"), new Credited("a", 3));
        await harness.CaughtUpAsync();
        var history = (await harness.Engine.HistoryAsync("account", "a", 0, 10))!;
        Assert.Equal([1L, 2L, 3L], history.Items.Select(item => item.Version));
        Assert.True(history.Items[0].Before.IsEmpty);
        Assert.Equal("""{"id":"a","balance":1,"events":1,"last":[1],"owner":null}""", System.Text.Encoding.UTF8.GetString(history.Items[0].After.Span));
        Assert.True(history.Items[0].After.Span.SequenceEqual(history.Items[1].Before.Span));
        Assert.True(history.Items[1].After.IsEmpty);
        Assert.Null(history.Next);
        Assert.Equal("2", (await harness.Engine.HistoryAsync("account", "a", 1, 1))!.Next);
        Assert.Null(await harness.Engine.HistoryAsync("account", "nobody", 0, 10));
    }

    [Fact]
    public async Task A_long_history_is_explained_from_any_version_across_chunks_and_checkpoints()
    {
        await using var harness = new EngineHarness();
        for (var i = 0; i < 100; i++)
            await harness.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => new Credited("a", 1))]);
        await harness.CaughtUpAsync();
        await harness.RestartAsync();
        foreach (var after in new long[] { 0, 63, 64, 4_095, 4_096, 4_097, 8_200, 9_998 })
        {
            var item = (await harness.Engine.HistoryAsync("account", "a", after, 1))!.Items.Single();
            Assert.Equal(after + 1, item.Version);
            Assert.Equal(after, item.Position.Sequence);
            Assert.Contains($"\"balance\":{after + 1},", System.Text.Encoding.UTF8.GetString(item.After.Span), StringComparison.Ordinal);
        }
    }
}
