using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class QuarantineTests
{
    private static AccountView Broken() => new(note => note == "bad");

    [Fact]
    public async Task A_fold_that_throws_stops_one_instance_at_its_last_good_state()
    {
        await using var harness = new EngineHarness(Broken());
        await harness.AppendAsync(new Credited("a", 1), new Credited("b", 1));
        var receipt = await harness.AppendAsync(new Credited("a", 2), new Credited("a", 4, "bad"), new Credited("a", 8), new Credited("b", 8));
        Assert.Equal("""{"id":"b","balance":9,"events":2,"last":[1,8],"owner":null}""", await harness.StateAsync("b", receipt));
        await harness.CaughtUpAsync();
        var read = await harness.ReadAsync("a");
        Assert.Equal(ReadStatus.Found, read.Status);
        Assert.Equal("""{"id":"a","balance":3,"events":2,"last":[1,2],"owner":null}""", await harness.StateAsync("a"));
        Assert.Equal(2, read.Envelope!.Version);
        Assert.Contains("cannot take a note of 'bad'", read.Envelope.Quarantined!.Reason, StringComparison.Ordinal);
        Assert.Equal(ReadStatus.PastQuarantine, (await harness.ReadAsync("a", receipt)).Status);
        var item = Assert.Single((await harness.Engine.QuarantineAsync(null, 10)).Items);
        Assert.Equal(("a", 2L, read.Envelope.Quarantined.Position), (item.Key, item.Held, item.Position));
        var audit = await harness.Engine.AuditAsync("account");
        Assert.False(audit.Complete);
        Assert.Equal((audit.Routed, 2L), (audit.Applied + audit.Held, audit.Held));
        Assert.Equal(1, (await harness.Engine.ListAsync())[0].Quarantined);
    }

    [Fact]
    public async Task A_retry_without_a_fix_leaves_everything_as_it_was()
    {
        await using var harness = new EngineHarness(Broken());
        await harness.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4));
        await harness.CaughtUpAsync();
        var before = await EngineHarness.DumpAsync(harness.Engine);
        var retry = await harness.Engine.RetryAsync("account", "a");
        Assert.Equal((RetryStatus.StillQuarantined, 0L, 2L), (retry.Status, retry.Applied, retry.Held));
        Assert.Equal(before, await EngineHarness.DumpAsync(harness.Engine));
        Assert.Equal(RetryStatus.NotQuarantined, (await harness.Engine.RetryAsync("account", "b")).Status);
    }

    [Fact]
    public async Task After_the_fix_a_retry_folds_what_was_held_in_order_as_if_nothing_had_happened()
    {
        await using var harness = new EngineHarness(Broken());
        await harness.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"));
        await harness.CaughtUpAsync();
        // Far more than one slice of a retry and than a tail of positions.
        for (var i = 0; i < 60; i++)
            await harness.AppendAsync([.. Enumerable.Range(0, 100).Select(n => new Credited("a", n))]);
        await harness.CaughtUpAsync();
        await harness.RestartAsync(new AccountView());
        Assert.Equal(6_001, Assert.Single((await harness.Engine.QuarantineAsync(null, 10)).Items).Held);
        var retry = await harness.Engine.RetryAsync("account", "a");
        Assert.Equal((RetryStatus.Released, 6_001L, 0L), (retry.Status, retry.Applied, retry.Held));
        Assert.Empty((await harness.Engine.QuarantineAsync(null, 10)).Items);
        await harness.AppendAsync(new Credited("a", 5));
        await harness.CaughtUpAsync();
        await SameAsFromScratchAsync(harness, new AccountView());
        await harness.RestartAsync(new AccountView());
        await SameAsFromScratchAsync(harness, new AccountView());
    }

    [Fact]
    public async Task A_retry_that_stops_further_on_keeps_the_rest_held()
    {
        await using var harness = new EngineHarness(Broken());
        await harness.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4), new Credited("a", 8, "worse"), new Credited("a", 16));
        await harness.CaughtUpAsync();
        await harness.RestartAsync(new AccountView(note => note == "worse"));
        var retry = await harness.Engine.RetryAsync("account", "a");
        Assert.Equal((RetryStatus.StillQuarantined, 2L, 2L), (retry.Status, retry.Applied, retry.Held));
        Assert.Contains("worse", retry.Quarantined!.Reason, StringComparison.Ordinal);
        Assert.Equal("""{"id":"a","balance":7,"events":3,"last":[1,2,4],"owner":"bad"}""", await harness.StateAsync("a"));
    }

    [Fact]
    public async Task A_first_event_that_throws_shows_an_instance_without_state()
    {
        await using var harness = new EngineHarness(Broken());
        await harness.AppendAsync(new Credited("a", 1, "bad"));
        await harness.CaughtUpAsync();
        var read = await harness.ReadAsync("a");
        Assert.Equal((ReadStatus.Found, 0L, true), (read.Status, read.Envelope!.Version, read.Envelope.State.IsEmpty));
        Assert.NotNull(read.Envelope.Quarantined);
    }

    [Fact]
    public async Task An_event_that_cannot_be_routed_is_held_at_the_view_and_takes_its_place_after_the_fix()
    {
        Func<Credited, string?> broken = e => e.Note == "lost" ? throw new InvalidOperationException("no key") : e.Account;
        await using var harness = new EngineHarness(new AccountView(key: broken));
        await harness.AppendAsync(new Credited("a", 1), new Credited("a", 2, "lost"), new Credited("a", 4, "later"));
        await harness.CaughtUpAsync();
        var item = Assert.Single((await harness.Engine.QuarantineAsync(null, 10)).Items);
        Assert.Null(item.Key);
        Assert.Contains("no key", item.Reason, StringComparison.Ordinal);
        var audit = await harness.Engine.AuditAsync("account");
        Assert.Equal((3L, 2L, 1L, false), (audit.Routed, audit.Applied, audit.Held, audit.Complete));
        Assert.Equal(RetryStatus.StillQuarantined, (await harness.Engine.RetryAsync("account", item.Position)).Status);
        var token = (await harness.ReadAsync("a")).Envelope!.Token;

        await harness.RestartAsync(new AccountView());
        Assert.Single((await harness.Engine.QuarantineAsync(null, 10)).Items);
        Assert.Equal(RetryStatus.Released, (await harness.Engine.RetryAsync("account", item.Position)).Status);
        Assert.NotEqual(token.Generation, (await harness.ReadAsync("a")).Envelope!.Token.Generation);
        await SameAsFromScratchAsync(harness, new AccountView());
        Assert.Equal(RetryStatus.NotQuarantined, (await harness.Engine.RetryAsync("account", item.Position)).Status);
        await harness.RestartAsync(new AccountView());
        Assert.Empty((await harness.Engine.QuarantineAsync(null, 10)).Items);
        await SameAsFromScratchAsync(harness, new AccountView());
    }

    [Fact]
    public async Task A_key_that_is_too_long_or_empty_holds_its_event_at_the_view()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited(new string('k', 513), 1), new Credited("", 1), new Credited(new string('k', 512), 1));
        await harness.CaughtUpAsync();
        Assert.Equal(2, (await harness.Engine.QuarantineAsync(null, 10)).Items.Count);
        Assert.Equal(1, (await harness.Engine.ListAsync())[0].Instances);
        var first = await harness.Engine.QuarantineAsync(null, 1);
        Assert.NotNull(first.Next);
        Assert.NotEqual(first.Items[0].Position, Assert.Single((await harness.Engine.QuarantineAsync(first.Next, 1)).Items).Position);
    }

    [Fact]
    public async Task A_lookup_or_a_state_that_fails_at_the_commit_stops_one_instance_and_loses_nothing_that_came_behind()
    {
        // A balance of 13 or more cannot be ranked; more than a checkpoint of events comes in the same run, some of which throw.
        await using var harness = new EngineHarness(new UnluckyView());
        for (var i = 0; i < 3; i++)
            await harness.AppendAsync(
            [
                .. Enumerable.Range(0, 13).Select(_ => new Credited("a", 1)),
                .. Enumerable.Range(0, 4_200).Select(n => new Credited("a", 1, n == 4_100 ? "bad" : null)),
                new Credited("b", 1),
            ]);
        await harness.CaughtUpAsync("unlucky");
        Assert.Equal(3, (await harness.ReadAsync("b", view: "unlucky")).Envelope!.Version);
        var stopped = (await harness.ReadAsync("a", view: "unlucky")).Envelope!;
        Assert.Equal(12, stopped.Version);
        Assert.Contains("unlucky", stopped.Quarantined!.Reason, StringComparison.Ordinal);
        var audit = await harness.Engine.AuditAsync("unlucky");
        Assert.Equal((audit.Routed, 3 * 4_213L - 12), (audit.Applied + audit.Held, audit.Held));
        Assert.Single(audit.Problems);
    }

    [Fact]
    public async Task Other_lookups_or_ranks_under_the_same_version_fold_the_view_anew()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 1, "ann"));
        await harness.CaughtUpAsync();
        await harness.RestartAsync(new UnluckyView("account"));
        await harness.CaughtUpAsync();
        Assert.Equal("a", Assert.Single(await harness.Engine.TopAsync("account", "unlucky", 10)).Key);
    }

    /// <summary>All states equal, byte for byte, those of a view folded from the start; and the audit proves it complete.</summary>
    internal static async Task SameAsFromScratchAsync(EngineHarness harness, View view)
    {
        await harness.CaughtUpAsync();
        var audit = await harness.Engine.AuditAsync("account");
        Assert.True(audit.Complete, string.Join("; ", audit.Problems));
        var kept = harness.Disk;
        harness.Disk = new();
        await using var scratch = harness.Open(view);
        harness.Disk = kept;
        var end = new Cut([.. Enumerable.Range(0, harness.Log.PartitionCount).Select(harness.Log.Next)]);
        for (var i = 0; i < 16; i++)
            await scratch.ReadAsync("account", $"any{i}", new Receipt(end), EngineHarness.Patience);
        Assert.Equal(await EngineHarness.DumpAsync(scratch), await EngineHarness.DumpAsync(harness.Engine));
    }
}
