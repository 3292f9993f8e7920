using System.Net;
using System.Text.Json;
using Kappa.Views;

namespace Kappa.Tests.Api;

public sealed class RebuildTests : IDisposable
{
    private const int Keys = 2_500;

    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    private Task<RunningHost> HostAsync(params View[] views) => RunningHost.StartAsync(_data.Path, CountView.Types(), views, configure: null);

    /// <summary>A host with both versions, where version 1 served before, and 2,500 keys, of which every fifth has a negative amount.</summary>
    private async Task<RunningHost> HostWithHistoryAsync(View next)
    {
        await using (var before = await HostAsync(new CountView()))
        {
            var receipt = await before.Client.OrdersAsync(Enumerable.Range(0, Keys).Select(i => CountView.Event(i, $"k{i:0000}", i % 5 == 0 ? -1 : 1)));
            await before.Client.ReadAsync($"/views/count/k0000?receipt={receipt}");
        }
        return await HostAsync(new CountView(), next);
    }

    [Fact]
    public async Task A_new_version_is_compared_promoted_through_its_gate_rolled_back_and_discarded()
    {
        await using var host = await HostWithHistoryAsync(new CountWithEventsView());
        var id = await host.Client.ReadyAsync("count", 2);
        Assert.Equal("1", (await host.Client.ReadAsync("/views/count/k0001")).Text("viewVersion"));

        var build = await host.Client.ReadAsync($"/rebuilds/{id}");
        Assert.Equal(("count", "ready", "100", $"{Keys}", $"{Keys}", $"{Keys}"),
            (build.Text("view"), build.Text("state"), build.Text("percent"), build.Text("eventsDone"), build.Text("eventsTotal"), build.Text("instances")));
        Assert.Equal(JsonValueKind.Null, build.GetProperty("secondsLeft").ValueKind);

        var diff = await host.Client.ReadAsync($"/rebuilds/{id}/diff?take=2");
        Assert.Equal(("1", "2", "0", $"{Keys}", "0", "0"),
            (diff.Text("oldVersion"), diff.Text("newVersion"), diff.Text("same"), diff.Text("changed"), diff.Text("onlyOld"), diff.Text("onlyNew")));
        Assert.Equal($$"""[{"path":"/events","keys":{{Keys}}}]""", diff.GetProperty("fields").GetRawText());
        Assert.Equal("""[{"key":"k0000","change":"changed","fields":[{"path":"/events","after":1}]},{"key":"k0001","change":"changed","fields":[{"path":"/events","after":1}]}]""",
            diff.GetProperty("items").GetRawText());

        using (var refused = await host.Client.PostJsonAsync($"/rebuilds/{id}/promote", """{"gate":{"changedMax":2499,"onlyFields":["/sum"]}}"""))
        {
            var problem = await refused.ProblemAsync(HttpStatusCode.Conflict, "gate-refused", "gate");
            Assert.Equal(["changedMax", "onlyFields"], problem.GetProperty("refusals").EnumerateArray().Select(refusal => refusal.Text("rule")));
            Assert.All(problem.GetProperty("refusals").EnumerateArray(), refusal => Assert.Equal((Keys, $"{Keys}"), (refusal.GetProperty("keys").GetArrayLength(), refusal.Text("count"))));
        }
        Assert.Equal("1", (await host.Client.ReadAsync("/views/count/k0001")).Text("viewVersion"));

        var promoted = await host.Client.StepAsync($"/rebuilds/{id}/promote", """{"gate":{"onlyFields":["/events"]}}""");
        Assert.True(promoted.GetProperty("promoted").GetBoolean());
        Assert.Equal("""{"sum":1,"events":1}""", (await host.Client.ReadAsync("/views/count/k0001")).GetProperty("state").GetRawText());
        Assert.Equal("2", (await host.Client.ReadAsync("/views")).GetProperty("items")[0].Text("version"));

        Assert.Equal("serving", (await host.Client.StepAsync($"/rebuilds/{id}/rollback")).Text("state"));
        Assert.Equal("""{"sum":1}""", (await host.Client.ReadAsync("/views/count/k0001")).GetProperty("state").GetRawText());
        using (var discarded = await host.Client.PostJsonAsync($"/rebuilds/{id}/discard", null))
            Assert.Equal((HttpStatusCode.NoContent, 0), (discarded.StatusCode, (await discarded.Content.ReadAsByteArrayAsync()).Length));
        using var gone = await host.Client.GetAsync($"/rebuilds/{id}");
        await gone.ProblemAsync(HttpStatusCode.NotFound, "unknown-rebuild");
    }

    [Fact]
    public async Task The_streamed_diff_is_the_sums_and_then_every_item_of_all_pages()
    {
        await using var host = await HostWithHistoryAsync(new CountWithEventsView(isWithoutNegatives: true));
        var id = await host.Client.ReadyAsync("count", 2);
        var (paged, next) = (new List<string>(), "");
        do
        {
            var page = await host.Client.ReadAsync($"/rebuilds/{id}/diff?take=700{next}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()));
            next = page.GetProperty("next").GetString() is { } more ? $"&after={Uri.EscapeDataString(more)}" : null;
        }
        while (next is not null);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/rebuilds/{id}/diff");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var answer = await host.Client.SendAsync(request);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(paged, lines[1..]);
        Assert.Equal($"{Keys}", JsonElement.Parse(lines[0]).Text("changed"));
        Assert.Equal(Keys / 5, lines[1..].Count(line => line.Contains("\"/sum\"", StringComparison.Ordinal)));
        Assert.Equal(lines[1..], lines[1..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_same_version_is_rebuilt_after_an_estimate_and_is_where_its_location_says()
    {
        await using var host = await HostAsync(new CountView());
        await host.Client.OrdersAsync(Enumerable.Range(0, 100).Select(i => CountView.Event(i, $"k{i}", 1)));
        var estimate = await host.Client.StepAsync("/views/count/rebuilds", """{"dryRun":true}""");
        Assert.Equal(["view", "version", "events", "bytes", "minutes"], estimate.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("count", "1", "100"), (estimate.Text("view"), estimate.Text("version"), estimate.Text("events")));
        Assert.Equal(1, (await host.Client.ReadAsync("/rebuilds")).GetProperty("items").GetArrayLength());

        using var started = await host.Client.PostJsonAsync("/views/count/rebuilds", """{"version":1}""");
        var build = await started.JsonAsync(HttpStatusCode.Created);
        Assert.Equal($"/rebuilds/{build.Text("id")}", started.Headers.Location?.ToString());
        Assert.Equal(build.Text("id"), (await host.Client.ReadAsync(started.Headers.Location!.ToString())).Text("id"));
        Assert.Equal(2, (await host.Client.ReadAsync("/rebuilds?view=count")).GetProperty("items").GetArrayLength());
        using (var second = await host.Client.PostJsonAsync("/views/count/rebuilds", null))
            await second.ProblemAsync(HttpStatusCode.Conflict, "rebuild-state");

        var id = await host.Client.ReadyAsync("count", 1);
        Assert.Equal("paused", (await host.Client.StepAsync($"/rebuilds/{id}/pause")).Text("state"));
        using (var early = await host.Client.PostJsonAsync($"/rebuilds/{id}/promote", null))
            await early.ProblemAsync(HttpStatusCode.Conflict, "rebuild-state");
        Assert.NotEqual("paused", (await host.Client.StepAsync($"/rebuilds/{id}/resume", "{}")).Text("state"));
        await host.Client.ReadyAsync("count", 1);
        Assert.Equal(("100", "0"), (await host.Client.ReadAsync($"/rebuilds/{id}/diff")) is var diff ? (diff.Text("same"), diff.Text("changed")) : default);
        using (var serves = await host.Client.PostJsonAsync($"/rebuilds/{(await ServingAsync(host)).Text("id")}/discard", null))
            await serves.ProblemAsync(HttpStatusCode.Conflict, "rebuild-state");
    }

    [Fact]
    public async Task A_view_whose_serving_version_has_no_code_any_more_is_shown_as_stale_until_another_is_promoted()
    {
        await using (var before = await HostAsync(new CountView()))
            await before.Client.ReadAsync($"/views/count/k?receipt={await before.Client.OrdersAsync(CountView.Event(1, "k", 7))}");
        await using var host = await HostAsync(new CountWithEventsView());
        var view = (await host.Client.ReadAsync("/views")).GetProperty("items")[0];
        Assert.Equal(("1", "stale"), (view.Text("version"), view.Text("status")));
        Assert.Equal("stale", (await host.Client.ReadAsync("/health/ready")).GetProperty("views")[0].Text("status"));
        Assert.Equal("""{"sum":7}""", (await host.Client.ReadAsync("/views/count/k")).GetProperty("state").GetRawText());
        foreach (var page in (string[])["/", "/dashboard/views/count", "/dashboard/rebuilds"])
            Assert.Contains("<strong>Stale:</strong>", await host.Client.GetStringAsync(page), StringComparison.Ordinal);

        await host.Client.StepAsync($"/rebuilds/{await host.Client.ReadyAsync("count", 2)}/promote");
        Assert.Equal("2", (await host.Client.ReadAsync("/views")).GetProperty("items")[0].Text("version"));
        Assert.DoesNotContain("Stale:", await host.Client.GetStringAsync("/dashboard/rebuilds"), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ServingAsync(RunningHost host) =>
        (await host.Client.ReadAsync("/rebuilds")).GetProperty("items").EnumerateArray().Single(build => build.Text("state") == "serving");
}
