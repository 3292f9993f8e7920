using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Kappa.Tests.Dashboard;

public sealed class DashboardBrowserTests(DashboardHost host, Browser browser) : IClassFixture<DashboardHost>, IClassFixture<Browser>
{
    private readonly List<string> _complaints = [];

    [Fact]
    public async Task The_overview_shows_every_view_and_moves_when_events_are_appended()
    {
        var page = await browser.OpenAsync(host.Address, "/", _complaints);
        foreach (var view in new[] { "customer-spend", "monthly-sales", "game", "player", "fragile" })
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = view })).ToBeVisibleAsync();
        var before = Number(await page.GetByTestId("events").InnerTextAsync());

        await host.AppendAsync(Orders.Placed("overview", "o1", 10), "customer/overview", "customer-spend", "overview");

        await Expect(page.GetByTestId("events")).Not.ToHaveTextAsync($"{before}");
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task An_instance_page_shows_the_next_state_without_reloading()
    {
        await host.AppendAsync(Orders.Placed("live", "o1", 10.25m), "customer/live", "customer-spend", "live");
        var page = await browser.OpenAsync(host.Address, "/dashboard/views/customer-spend/instance?key=live", _complaints);
        await page.EvaluateAsync("window.wasHereBefore = true");
        await Expect(page.GetByTestId("version")).ToHaveTextAsync("1");
        await Expect(page.Locator(".history > li")).ToHaveCountAsync(1);
        await page.Locator(".history summary").First.ClickAsync();

        await host.AppendAsync(Orders.Placed("live", "o2", 0.75m), "customer/live", "customer-spend", "live");

        await Expect(page.GetByTestId("version")).ToHaveTextAsync("2");
        await Expect(page.Locator(".state .changed", new() { HasText = "\"total\": 11.00" }).Last).ToBeVisibleAsync();
        await Expect(page.Locator(".history > li")).ToHaveCountAsync(2);
        // What the reader had opened stays open, though it stands one place lower now.
        Assert.True(await page.Locator(".history > li:nth-child(2) details").EvaluateAsync<bool>("details => details.open"));
        Assert.True(await page.EvaluateAsync<bool>("window.wasHereBefore === true"));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task A_quarantined_instance_is_shown_and_released_by_a_retry()
    {
        const string key = "stuck / ü 100%";
        host.Fragile.Repaired = false;
        await host.AppendAsync(Orders.Placed(key, "o1", 5), "customer/stuck", "fragile", key);
        await host.AppendAsync(Orders.Cancelled(key, "o1", -5), "customer/stuck", "fragile", key);
        var page = await browser.OpenAsync(host.Address, "/", _complaints);
        await page.GetByRole(AriaRole.Link, new() { Name = "See why, and retry" }).ClickAsync();
        await Expect(page.GetByText("Nobody thought of cancelling o1.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Retry {key} of fragile" }).ClickAsync();
        await Expect(page.GetByText("It stopped again")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Quarantined at" })).ToBeVisibleAsync();

        host.Fragile.Repaired = true;
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(page.GetByText("Released: 1 held event was applied")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("version")).ToHaveTextAsync("2");
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task An_audit_shows_its_proof()
    {
        await host.AppendAsync(Orders.Placed("audited", "o1", 5), "customer/audited", "customer-spend", "audited");
        var page = await browser.OpenAsync(host.Address, "/dashboard/audit", _complaints);

        await page.GetByRole(AriaRole.Button, new() { Name = "Run audit of customer-spend" }).ClickAsync();

        var card = page.GetByRole(AriaRole.Article, new() { Name = "customer-spend" });
        await Expect(card.GetByText("complete", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(card.GetByText("0 held")).ToBeVisibleAsync();
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task A_page_says_that_it_lost_the_host()
    {
        var page = await browser.OpenAsync(host.Address, "/", _complaints);
        await page.Context.SetOfflineAsync(true);
        // A tab that is looked at again asks anew.
        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Reconnecting…");
        await page.Context.SetOfflineAsync(false);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Live", new() { Timeout = 20_000 });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task No_page_has_a_serious_barrier_or_is_wider_than_the_screen(ColorScheme scheme, int width)
    {
        await host.AppendAsync(Orders.Placed("axe", "o1", 5), "customer/axe", "customer-spend", "axe");
        var axe = await File.ReadAllTextAsync(AxeScript());
        foreach (var path in new[]
        {
            "/", "/dashboard/views/customer-spend?by=name&value=A", "/dashboard/views/customer-spend/instance?key=axe",
            "/dashboard/views/game/instance?key=absent", "/dashboard/quarantine", "/dashboard/audit", "/dashboard/views/none",
        })
        {
            var page = await browser.OpenAsync(host.Address, path, [], scheme, width);
            var found = await page.EvaluateAsync<string[]>($$"""
                async () => {
                  {{axe}};
                  const result = await axe.run(document, { resultTypes: ['violations'] });
                  return result.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
                    .map(v => `${v.id}: ${v.nodes.map(n => n.target).join(', ')}`);
                }
                """);
            Assert.True(found.Length == 0, $"{path}: {string.Join("; ", found)}");
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{path} is wider than {width} pixels.");
            await page.Context.CloseAsync();
        }
    }

    private static long Number(string text) => long.Parse(text.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The script that finds barriers, from the npm package that ./test installs.</summary>
    private static string AxeScript()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansKappa.sln")))
            {
                var script = Path.Combine(folder.FullName, "tests/Web.Tests/node/node_modules/axe-core/axe.min.js");
                return File.Exists(script)
                    ? script
                    : throw new InvalidOperationException("axe-core is missing. Run 'npm ci' in tests/Web.Tests/node; ./test does so.");
            }
        throw new InvalidOperationException("These tests run from a checkout of the repository.");
    }
}
