using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>A fold that throws: what stops is one instance, and it is seen to have stopped.</summary>
public abstract class QuarantineContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    private static AccountView Broken() => new(new Fault("bad").IsIn);

    [Fact]
    public async Task A_fold_that_throws_stops_one_instance_at_its_last_good_state()
    {
        var host = await OpenAsync(Broken());
        await host.AppendAsync(new Credited("a", 1), new Credited("b", 1));
        var receipt = await host.AppendAsync(new Credited("a", 2), new Credited("a", 4, "bad"), new Credited("a", 8), new Credited("b", 8));
        Assert.Equal("""{"id":"b","balance":9,"events":2,"last":[1,8],"owner":null}""", await host.StateAsync("b", receipt));
        await host.CaughtUpAsync();
        var read = await host.ReadAsync("a");
        Assert.Equal(ReadStatus.Found, read.Status);
        Assert.Equal("""{"id":"a","balance":3,"events":2,"last":[1,2],"owner":null}""", await host.StateAsync("a"));
        Assert.Equal(2, read.Envelope!.Version);
        Assert.Contains("cannot take a note of 'bad'", read.Envelope.Quarantined!.Reason, StringComparison.Ordinal);
        var item = Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items);
        Assert.Equal(("account", "a", 2L, read.Envelope.Quarantined.Position), (item.View, item.Key, item.Held, item.Position));
        var info = Assert.Single(await host.Views.ListAsync());
        Assert.Equal((1L, 2L), (info.Quarantined, info.Held));
    }

    [Fact]
    public async Task A_receipt_past_the_quarantine_is_answered_at_once_with_the_last_good_state()
    {
        var host = await OpenAsync(Broken());
        var before = await host.AppendAsync(new Credited("a", 1));
        var past = await host.AppendAsync(new Credited("a", 2, "bad"), new Credited("a", 4));
        await host.CaughtUpAsync();
        Assert.Equal(ReadStatus.Found, (await host.ReadAsync("a", before)).Status);
        var read = await host.Views.ReadAsync("account", "a", past, TimeSpan.Zero);
        Assert.Equal((ReadStatus.PastQuarantine, 1L), (read.Status, read.Envelope!.Version));
        Assert.NotNull(read.Envelope.Quarantined);
    }

    [Fact]
    public async Task A_first_event_that_throws_shows_an_instance_without_state()
    {
        var host = await OpenAsync(Broken());
        await host.AppendAsync(new Credited("a", 1, "bad"));
        await host.CaughtUpAsync();
        var read = await host.ReadAsync("a");
        Assert.Equal((ReadStatus.Found, 0L, true), (read.Status, read.Envelope!.Version, read.Envelope.State.IsEmpty));
        Assert.NotNull(read.Envelope.Quarantined);
    }

    [Fact]
    public async Task An_instance_stays_quarantined_with_what_is_held_through_a_restart()
    {
        var host = await OpenAsync(Broken());
        if (!CanRestart(host))
            return;
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4));
        await host.CaughtUpAsync();
        var before = Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items);
        await host.RestartAsync(Broken());
        await host.AppendAsync(new Credited("a", 8));
        await host.CaughtUpAsync();
        Assert.Equal(before with { Held = 3 }, Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items));
        Assert.Equal("""{"id":"a","balance":1,"events":1,"last":[1],"owner":null}""", await host.StateAsync("a"));
    }

    [Fact]
    public async Task A_lookup_or_a_state_that_fails_at_the_commit_stops_one_instance_and_loses_nothing_that_came_behind()
    {
        // A balance of 13 or more cannot be ranked; more than a checkpoint of events comes in the same run, some of which throw.
        var host = await OpenAsync(new UnluckyView());
        var many = Many(4_200, 200);
        for (var i = 0; i < 3; i++)
            await host.AppendAsync(
            [
                .. Enumerable.Range(0, 13).Select(_ => new Credited("a", 1)),
                .. Enumerable.Range(0, many).Select(n => new Credited("a", 1, n == many - 100 ? "bad" : null)),
                new Credited("b", 1),
            ]);
        await host.CaughtUpAsync();
        Assert.Equal(3, (await host.ReadAsync("b")).Envelope!.Version);
        var stopped = (await host.ReadAsync("a")).Envelope!;
        Assert.Equal(12, stopped.Version);
        Assert.Contains("unlucky", stopped.Quarantined!.Reason, StringComparison.Ordinal);
        var audit = await host.Views.AuditAsync("account");
        Assert.Equal((audit.Routed, 3 * (13L + many) - 12), (audit.Applied + audit.Held, audit.Held));
        Assert.Single(audit.Problems);
    }

    [Fact]
    public async Task A_key_that_is_too_long_or_empty_holds_its_event_at_the_view()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited(new string('k', 513), 1), new Credited("", 1), new Credited(new string('k', 512), 1));
        await host.CaughtUpAsync();
        Assert.Equal(2, (await host.Views.QuarantineAsync(null, 10)).Items.Count);
        Assert.Equal(1, (await host.Views.ListAsync())[0].Instances);
        var first = await host.Views.QuarantineAsync(null, 1);
        Assert.NotNull(first.Next);
        Assert.NotEqual(first.Items[0].Position, Assert.Single((await host.Views.QuarantineAsync(first.Next, 1)).Items).Position);
    }
}
