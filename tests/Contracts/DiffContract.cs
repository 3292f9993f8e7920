using System.Text;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>What differs between two versions, and the gate that a promotion must pass.</summary>
public abstract class DiffContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    /// <summary>Those whom a version that forgets transfers gets wrong, in the order of keys.</summary>
    private static readonly string[] _wronged = [.. Enumerable.Range(0, BuildSteps.SeededAccounts)
        .Where(i => i % 3 != 0).Select(i => $"a{i}").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_diff_names_the_field_that_is_new_in_every_instance_and_nothing_else()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, BuildSteps.Both());
        var diff = await host.Rebuilds.DiffAsync(build.Id, null, 100);
        Assert.Equal((1, 2, 0L, 30L, 0L, 0L), (diff.Summary.OldVersion, diff.Summary.NewVersion, diff.Summary.Same, diff.Summary.Changed, diff.Summary.OnlyOld, diff.Summary.OnlyNew));
        Assert.Equal(new FieldCount("/average", 30), Assert.Single(diff.Summary.Fields));
        Assert.Null(diff.Next);
        Assert.All(diff.Items, item => Assert.Equal(DiffChange.Changed, item.Change));
        var field = Assert.Single(diff.Items.Single(item => item.Key == "a1").Fields);
        Assert.Equal(("/average", "", "6.25"), (field.Path, Encoding.UTF8.GetString(field.Before.Span), Encoding.UTF8.GetString(field.After.Span)));
        Assert.True((await host.Rebuilds.PromoteAsync(build.Id, new PromotionGate(30, ["average"]))).Promoted);
    }

    [Fact]
    public async Task A_diff_of_a_wrong_version_names_exactly_the_keys_that_it_gets_wrong_page_by_page()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, new AccountView(), new AveragedAccountView(isWithoutTransfers: true));
        var found = new List<KeyDiff>();
        string? after = null;
        do
        {
            var page = await host.Rebuilds.DiffAsync(build.Id, after, 7);
            found.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"a{i}").Order(StringComparer.Ordinal), found.Select(item => item.Key));
        Assert.Equal(_wronged, found.Where(item => item.Fields.Any(field => field.Path == "/balance")).Select(item => item.Key));
        var a1 = found.Single(item => item.Key == "a1").Fields.Single(field => field.Path == "/balance");
        Assert.Equal(("14.50", "12.50"), (Encoding.UTF8.GetString(a1.Before.Span), Encoding.UTF8.GetString(a1.After.Span)));
    }

    [Fact]
    public async Task A_gate_refuses_a_wrong_version_names_the_keys_and_changes_nothing()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        await BuildSteps.SeedAsync(host);
        var build = await BuildSteps.BesideAsync(host, new AccountView(), new AveragedAccountView(isWithoutTransfers: true));
        var dump = await host.DumpAsync();
        var refused = await host.Rebuilds.PromoteAsync(build.Id, new PromotionGate(null, ["/average"]));
        Assert.False(refused.Promoted);
        var refusal = Assert.Single(refused.Refusals);
        Assert.Equal(("onlyFields", _wronged.Length), (refusal.Rule, (int)refusal.Count));
        Assert.Equal(_wronged, refusal.Keys);
        Assert.Equal("changedMax", Assert.Single((await host.Rebuilds.PromoteAsync(build.Id, new PromotionGate(29, null))).Refusals).Rule);
        Assert.Equal(1, (await host.Views.ListAsync())[0].Version);
        Assert.Equal(dump, await host.DumpAsync());
        await host.Rebuilds.DiscardAsync(build.Id);
        Assert.Equal(RebuildState.Serving, Assert.Single(await host.Rebuilds.ListBuildsAsync("account")).State);
    }
}
