using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Watches that go on from a token.</summary>
public abstract class ResumeContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Theory]
    [InlineData(WatchMode.Every, false)]
    [InlineData(WatchMode.Latest, false)]
    [InlineData(WatchMode.Every, true)]
    [InlineData(WatchMode.Latest, true)]
    public async Task A_watch_resumes_from_its_token_without_gap_or_repeat_after_a_restart_too(WatchMode mode, bool restart)
    {
        var host = await OpenAsync();
        if (restart && !CanRestart(host))
            return;
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 1));
        await host.CaughtUpAsync();
        WatchToken token;
        await using (var before = Watch(host, "a", null, mode))
            token = (await NextAsync(before)).Token;
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 1));
        await host.CaughtUpAsync();
        if (restart)
            await host.RestartAsync();
        await using var after = Watch(host, "a", token, mode);
        if (mode == WatchMode.Every)
            Assert.Equal(3, (await NextAsync(after)).Version);
        var four = await NextAsync(after);
        Assert.Equal((4, false), (four.Version, four.Reset));
        // At the newest already: nothing is repeated, the next change comes.
        await using var again = Watch(host, "a", four.Token, mode);
        var next = NextAsync(again);
        await host.AppendAsync(new Credited("a", 1));
        Assert.Equal(5, (await next).Version);
    }

    [Fact]
    public async Task A_token_of_another_generation_gets_one_snapshot_marked_as_reset()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("a", 1));
        await host.CaughtUpAsync();
        await using var watch = Watch(host, "a", new WatchToken(42, 1), WatchMode.Every);
        var snapshot = await NextAsync(watch);
        Assert.Equal((1, true), (snapshot.Version, snapshot.Reset));
        await host.AppendAsync(new Credited("a", 1));
        var next = await NextAsync(watch);
        Assert.Equal((2, false), (next.Version, next.Reset));
    }

    [Fact]
    public async Task More_versions_than_may_be_replayed_are_one_snapshot_marked_as_reset()
    {
        var host = await OpenAsync(new ViewsHostSettings { WatchReplayMax = 5 });
        await host.AppendAsync(new Credited("a", 1));
        await host.CaughtUpAsync();
        var token = (await host.ReadAsync("a")).Envelope!.Token;
        await host.AppendAsync([.. Enumerable.Range(0, 6).Select(_ => new Credited("a", 1))]);
        await host.CaughtUpAsync();
        await using var watch = Watch(host, "a", token, WatchMode.Every);
        var snapshot = await NextAsync(watch);
        Assert.Equal((7, true), (snapshot.Version, snapshot.Reset));
    }
}
