using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>What was quarantined goes on after the fix as if nothing had happened.</summary>
public abstract class RetryContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task A_retry_without_a_fix_leaves_everything_as_it_was()
    {
        var host = await OpenAsync(new AccountView(new Fault("bad").IsIn));
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4));
        await host.CaughtUpAsync();
        var before = await host.DumpAsync();
        var retry = await host.Views.RetryAsync("account", "a");
        Assert.Equal((RetryStatus.StillQuarantined, 0L, 2L), (retry.Status, retry.Applied, retry.Held));
        Assert.Equal(before, await host.DumpAsync());
        Assert.Equal(RetryStatus.NotQuarantined, (await host.Views.RetryAsync("account", "b")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_fix_a_retry_folds_what_was_held_in_order_as_if_nothing_had_happened(bool restart)
    {
        var fault = new Fault("bad");
        var host = await OpenAsync(new AccountView(fault.IsIn));
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"));
        await host.CaughtUpAsync();
        // Where an engine takes so many: far more than one slice of a retry and than a tail of positions.
        var held = Many(6_000, 300);
        for (var i = 0; i < held / 100; i++)
            await host.AppendAsync([.. Enumerable.Range(0, 100).Select(n => new Credited("a", n))]);
        await host.CaughtUpAsync();
        if (!await MendAsync(host, fault, restart))
            return;
        Assert.Equal(held + 1, Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items).Held);
        var retry = await host.Views.RetryAsync("account", "a");
        Assert.Equal((RetryStatus.Released, held + 1L, 0L), (retry.Status, retry.Applied, retry.Held));
        Assert.Empty((await host.Views.QuarantineAsync(null, 10)).Items);
        await host.AppendAsync(new Credited("a", 5));
        await NaiveAccounts.MustBeServedAsync(host);
        if (!restart)
            return;
        await host.RestartAsync();
        await NaiveAccounts.MustBeServedAsync(host);
    }

    [Fact]
    public async Task A_retry_that_stops_further_on_keeps_the_rest_held()
    {
        var (bad, worse) = (new Fault("bad"), new Fault("worse"));
        var host = await OpenAsync(new AccountView(note => bad.IsIn(note) || worse.IsIn(note)));
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4), new Credited("a", 8, "worse"), new Credited("a", 16));
        await host.CaughtUpAsync();
        bad.Mend();
        var retry = await host.Views.RetryAsync("account", "a");
        Assert.Equal((RetryStatus.StillQuarantined, 2L, 2L), (retry.Status, retry.Applied, retry.Held));
        Assert.Contains("worse", retry.Quarantined!.Reason, StringComparison.Ordinal);
        Assert.Equal("""{"id":"a","balance":7,"events":3,"last":[1,2,4],"owner":"bad"}""", await host.StateAsync("a"));
        worse.Mend();
        Assert.Equal(RetryStatus.Released, (await host.Views.RetryAsync("account", "a")).Status);
        await NaiveAccounts.MustBeServedAsync(host);
    }

    [Fact]
    public async Task A_watcher_of_every_version_gets_what_was_held_version_by_version()
    {
        var fault = new Fault("bad");
        var host = await OpenAsync(new AccountView(fault.IsIn));
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4), new Credited("a", 8));
        await host.CaughtUpAsync();
        await using var watch = Watch(host, "a", null, WatchMode.Every);
        Assert.Equal(1, (await NextAsync(watch)).Version);
        fault.Mend();
        Assert.Equal(RetryStatus.Released, (await host.Views.RetryAsync("account", "a")).Status);
        for (var version = 2; version <= 4; version++)
        {
            var envelope = await NextAsync(watch);
            Assert.Equal((version, false), (envelope.Version, envelope.Reset));
            Assert.Null(envelope.Quarantined);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_that_cannot_be_routed_is_held_at_the_view_and_takes_its_place_after_the_fix(bool restart)
    {
        var fault = new Fault("lost");
        var host = await OpenAsync(new AccountView(key: fault.Key));
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "lost"), new Credited("a", 4, "later"));
        await host.CaughtUpAsync();
        var item = Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items);
        Assert.Null(item.Key);
        Assert.Contains("no key", item.Reason, StringComparison.Ordinal);
        Assert.Equal(RetryStatus.StillQuarantined, (await host.Views.RetryAsync("account", item.Position)).Status);
        var token = (await host.ReadAsync("a")).Envelope!.Token;

        if (!await MendAsync(host, fault, restart))
            return;
        Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items);
        Assert.Equal(RetryStatus.Released, (await host.Views.RetryAsync("account", item.Position)).Status);
        Assert.NotEqual(token.Generation, (await host.ReadAsync("a")).Envelope!.Token.Generation);
        await NaiveAccounts.MustBeServedAsync(host);
        Assert.Equal(RetryStatus.NotQuarantined, (await host.Views.RetryAsync("account", item.Position)).Status);
        if (!restart)
            return;
        await host.RestartAsync();
        Assert.Empty((await host.Views.QuarantineAsync(null, 10)).Items);
        await NaiveAccounts.MustBeServedAsync(host);
    }
}
