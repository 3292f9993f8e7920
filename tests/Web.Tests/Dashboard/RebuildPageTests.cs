using System.Net;
using Kappa.Views;

namespace Kappa.Tests.Dashboard;

public sealed class RebuildPageTests : IDisposable
{
    private const string Page = "/dashboard/rebuilds";

    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    private Task<RunningHost> HostAsync(params View[] views) => RunningHost.StartAsync(_data.Path, CountView.Types(), views, configure: null);

    [Fact]
    public async Task Forms_compare_promote_through_a_gate_roll_back_and_discard_and_the_page_says_how_it_ended()
    {
        await using (var before = await HostAsync(new CountView()))
            await before.Client.ReadAsync($"/views/count/k1?receipt={await before.Client.OrdersAsync(CountView.Event(1, "k1", 7), CountView.Event(2, "<k2>", 8))}");
        await using var host = await HostAsync(new CountView(), new CountWithEventsView());
        var id = await host.Client.ReadyAsync("count", 2);

        var compared = await PageAsync(host, $"?diff={id}");
        Assert.Contains("/events", compared, StringComparison.Ordinal);
        Assert.Contains("The keys", compared, StringComparison.Ordinal);
        Assert.DoesNotContain("<k2>", await host.Client.GetStringAsync($"{Page}?diff={id}"), StringComparison.Ordinal);

        await SubmitAsync(host, "/promote", ("id", id), ("changedMax", "1"), ("onlyFields", "/sum, /other"));
        var refused = await PageAsync(host);
        Assert.Contains("The gate refused", refused, StringComparison.Ordinal);
        Assert.Contains("<strong>changedMax:</strong>", refused, StringComparison.Ordinal);
        Assert.Contains("<strong>onlyFields:</strong>", refused, StringComparison.Ordinal);
        Assert.Contains("2 keys: <k2>, k1)", refused, StringComparison.Ordinal);

        await SubmitAsync(host, "/promote", ("id", id), ("changedMax", "two"), ("onlyFields", ""));
        Assert.Contains("must be a whole number", await PageAsync(host), StringComparison.Ordinal);

        await SubmitAsync(host, "/promote", ("id", id), ("changedMax", ""), ("onlyFields", "events"));
        var promoted = await PageAsync(host);
        Assert.Contains("serves now, from the cut", promoted, StringComparison.Ordinal);
        Assert.Contains("kept for a rollback", promoted, StringComparison.Ordinal);

        await SubmitAsync(host, "/rollback", ("id", id));
        Assert.Contains("Rolled back", await PageAsync(host), StringComparison.Ordinal);
        await SubmitAsync(host, "/discard", ("id", id));
        var discarded = await PageAsync(host);
        Assert.Contains("is discarded", discarded, StringComparison.Ordinal);
        Assert.DoesNotContain("v2</strong>", discarded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rebuild_is_started_after_an_estimate_paused_and_resumed()
    {
        await using var host = await HostAsync(new CountView());
        Assert.Contains("and takes, by a sample,", await PageAsync(host, "?estimate=count"), StringComparison.Ordinal);
        await SubmitAsync(host, "", ("view", "count"));
        Assert.Contains("has started", await PageAsync(host), StringComparison.Ordinal);
        var id = await host.Client.ReadyAsync("count", 1);
        await SubmitAsync(host, "/pause", ("id", id));
        var paused = await PageAsync(host);
        Assert.Contains("Not compared:", await PageAsync(host, $"?diff={id}"), StringComparison.Ordinal);
        Assert.Contains("<progress", paused, StringComparison.Ordinal);
        Assert.Contains($"aria-label=\"Resume build {id}\"", paused, StringComparison.Ordinal);
        await SubmitAsync(host, "/resume", ("id", id));
        Assert.Contains("goes on", await PageAsync(host), StringComparison.Ordinal);
        await SubmitAsync(host, "", ("view", "count"));
        Assert.Contains("being rebuilt already", await PageAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_or_for_what_is_not_there_changes_nothing()
    {
        await using var host = await HostAsync(new CountView());
        foreach (var step in (string[])["", "/promote", "/rollback", "/discard", "/pause", "/resume"])
            foreach (var site in (string?[])["cross-site", "same-site", null])
            {
                using var answer = await PostAsync(host, step, site, ("id", "count-v1-1"), ("view", "count"));
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            }
        foreach (var (step, id, view) in ((string, string, string)[])[("", "", "none"), ("/discard", "none", ""), ("/leap", "count-v1-1", "")])
        {
            using var answer = await PostAsync(host, step, "same-origin", ("id", id), ("view", view));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Equal(1, (await host.Client.ReadAsync("/rebuilds")).GetProperty("items").GetArrayLength());
    }

    private static async Task<string> PageAsync(RunningHost host, string query = "") => WebUtility.HtmlDecode(await host.Client.GetStringAsync(Page + query));

    private static async Task SubmitAsync(RunningHost host, string step, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(host, step, "same-origin", fields);
        Assert.True(answer.IsSuccessStatusCode, $"{step}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningHost host, string step, string? site, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Page + step);
        request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        return await host.Client.SendAsync(request);
    }
}
