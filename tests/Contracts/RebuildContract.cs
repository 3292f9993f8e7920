using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Builds beside the one that serves: start, follow, pause, discard.</summary>
public abstract class RebuildContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task An_estimate_counts_what_would_be_read_and_starts_nothing()
    {
        var host = await OpenAsync();
        await BuildSteps.SeedAsync(host);
        var estimate = await host.Rebuilds.EstimateAsync("account", null);
        Assert.Equal(("account", 1, LogCuts.EndOf(host.Reader).Count), (estimate.View, estimate.Version, estimate.Events));
        Assert.True(estimate.Bytes > 0);
        Assert.Equal(RebuildState.Serving, Assert.Single(await host.Rebuilds.ListBuildsAsync("account")).State);
        await Assert.ThrowsAsync<UnknownViewException>(async () => await host.Rebuilds.EstimateAsync("nothing", null));
        await Assert.ThrowsAsync<UnknownRebuildException>(async () => await host.Rebuilds.EstimateAsync("account", 3));
        await Assert.ThrowsAsync<UnknownRebuildException>(async () => await host.Rebuilds.GetBuildAsync("nothing"));
    }

    [Fact]
    public async Task A_new_version_is_built_beside_the_one_that_serves_until_it_is_promoted()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        Assert.Equal((2, 1), (build.Version, (await host.Views.ListAsync())[0].Version));
        Assert.Equal(ViewStatus.Live, (await host.Views.ListAsync())[0].Status);
        Assert.DoesNotContain("average", await host.StateAsync("a1"), StringComparison.Ordinal);

        var result = await host.Rebuilds.PromoteAsync(build.Id, null);
        Assert.True(result.Promoted);
        Assert.Contains("\"average\":", await host.StateAsync("a1"), StringComparison.Ordinal);
        Assert.True((await host.Views.AuditAsync("account")).Complete);
        Assert.Equal([RebuildState.Previous, RebuildState.Serving], (await host.Rebuilds.ListBuildsAsync("account")).Select(one => one.State));

        var dump = await host.DumpAsync();
        await host.RestartAsync(BuildSteps.Both());
        Assert.Equal(2, (await host.Views.ListAsync())[0].Version);
        Assert.Equal(dump, await host.DumpAsync());
    }

    [Fact]
    public async Task The_same_version_can_be_rebuilt_and_gives_the_same_states()
    {
        var host = await OpenAsync();
        await BuildSteps.SeedAsync(host);
        var started = await host.Rebuilds.StartAsync("account", 1);
        await Assert.ThrowsAsync<RebuildStateException>(async () => await host.Rebuilds.StartAsync("account", null));
        await Assert.ThrowsAsync<UnknownRebuildException>(async () => await host.Rebuilds.StartAsync("account", 3));
        var build = await BuildSteps.ReadyAsync(host);
        Assert.Equal(started.Id, build.Id);
        var diff = await host.Rebuilds.DiffAsync(build.Id, null, 10);
        Assert.Equal((0, 30), (diff.Summary.Differ, diff.Summary.Same));
        Assert.True((await host.Rebuilds.PromoteAsync(build.Id, new PromotionGate(0, null))).Promoted);
    }

    [Fact]
    public async Task A_build_that_was_started_after_another_was_discarded_outlives_a_restart()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var first = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        await host.Rebuilds.DiscardAsync(first.Id);
        var second = await host.Rebuilds.StartAsync("account", 2);
        Assert.NotEqual(first.Id, second.Id);
        await BuildSteps.ReadyAsync(host);
        await Assert.ThrowsAsync<UnknownRebuildException>(async () => await host.Rebuilds.DiscardAsync(first.Id));
        await host.RestartAsync(BuildSteps.Both());
        Assert.Equal(second.Id, (await BuildSteps.ReadyAsync(host)).Id);
    }

    [Fact]
    public async Task A_paused_build_does_not_begin_to_serve()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        await host.Rebuilds.PromoteAsync(build.Id, null);
        var previous = (await host.Rebuilds.ListBuildsAsync("account")).Single(one => one.State == RebuildState.Previous);
        await host.Rebuilds.PauseAsync(previous.Id);
        await Assert.ThrowsAsync<RebuildStateException>(async () => await host.Rebuilds.RollbackAsync(build.Id));
        await host.Rebuilds.ResumeAsync(previous.Id);
        await host.Rebuilds.RollbackAsync(build.Id);
        var receipt = await host.AppendAsync(new Credited("a1", 5));
        Assert.Equal(ReadStatus.Found, (await host.ReadAsync("a1", receipt)).Status);
    }

    [Fact]
    public async Task A_paused_build_stays_where_it_is_through_a_restart_and_goes_on_when_resumed()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        var paused = await host.Rebuilds.PauseAsync(build.Id);
        Assert.Equal(RebuildState.Paused, paused.State);
        await host.AppendAsync(new Credited("a1", 5));
        await host.CaughtUpAsync();
        await host.RestartAsync(BuildSteps.Both());
        var still = await host.Rebuilds.GetBuildAsync(build.Id);
        Assert.Equal((RebuildState.Paused, paused.Watermark), (still.State, still.Watermark));
        await Assert.ThrowsAsync<RebuildStateException>(async () => await host.Rebuilds.PromoteAsync(build.Id, null));
        await host.Rebuilds.ResumeAsync(build.Id);
        Assert.True((await host.Rebuilds.PromoteAsync((await BuildSteps.ReadyAsync(host)).Id, null)).Promoted);
    }
}
