using System.Net.Http.Json;
using System.Text.Json;
using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary>A host process that is killed again and again in the middle of a rebuild.</summary>
public sealed class RebuildKillTests(ITestOutputHelper output)
{
    private const int Kills = 20, AttemptsMax = 200;
    private const int Requests = 150, EventsPerRequest = 1_000;

    // Many small commits, so that a kill finds the rebuild between any two of them.
    private static readonly string[] _settings = ["--Kappa:Views:BulkCommitBytes", "1048576"];

    [Fact]
    public async Task Rebuilds_that_are_killed_twenty_times_in_the_middle_end_with_the_states_of_a_view_that_was_not()
    {
        using var data = new TempDirectory();
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var host = await HostProcess.StartAsync(data.Path, _settings);
        try
        {
            for (var request = 0; request < Requests; request++)
            {
                using var taken = await host.Client.PostAsync("/events", Batch(request));
                taken.EnsureSuccessStatusCode();
            }
            var (kills, resumed) = (0, 0);
            for (var attempt = 0; attempt < AttemptsMax && kills < Kills; attempt++)
            {
                var build = await BuildAsync(host) ?? await StartAsync(host);
                var kill = build.GetProperty("eventsDone").GetInt64() + random.NextInt64(0, 40_000);
                while (State(build) == "building" && build.GetProperty("eventsDone").GetInt64() < kill)
                    build = (await BuildAsync(host))!.Value;
                if (State(build) != "building")
                {
                    // It was faster this time: another one is begun.
                    using var discarded = await host.Client.PostAsync($"/rebuilds/{build.GetProperty("id").GetString()}/discard", null);
                    discarded.EnsureSuccessStatusCode();
                    continue;
                }
                await host.KillAsync();
                await host.DisposeAsync();
                kills++;
                host = await HostProcess.StartAsync(data.Path, _settings);
                resumed += State((await BuildAsync(host))!.Value) == "building" ? 1 : 0;
            }
            Assert.Equal(Kills, kills);
            output.WriteLine($"{resumed} of {kills} were still building after the restart");
            _ = await BuildAsync(host) ?? await StartAsync(host);
            JsonElement ready;
            do
                ready = (await BuildAsync(host))!.Value;
            while (State(ready) == "building");
            var id = ready.GetProperty("id").GetString();
            // The build that serves was folded live and undisturbed: not one state may differ.
            var diff = await host.Client.GetFromJsonAsync<JsonElement>($"/rebuilds/{id}/diff");
            Assert.Equal((0, 0, 0), (diff.GetProperty("changed").GetInt32(), diff.GetProperty("onlyOld").GetInt32(), diff.GetProperty("onlyNew").GetInt32()));
            Assert.Equal(EventsPerRequest, diff.GetProperty("same").GetInt32());
            using (var promoted = await host.Client.PostAsJsonAsync($"/rebuilds/{id}/promote", new { gate = new { changedMax = 0 } }))
                promoted.EnsureSuccessStatusCode();
            var audit = await host.Client.GetFromJsonAsync<JsonElement>("/audit/customer-spend");
            Assert.True(audit.GetProperty("complete").GetBoolean(), audit.GetRawText());
            Assert.Equal(Requests * EventsPerRequest, audit.GetProperty("applied").GetInt32());
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private static string? State(JsonElement build) => build.GetProperty("state").GetString();

    /// <summary>The build beside the one that serves; null if there is none.</summary>
    private static async Task<JsonElement?> BuildAsync(HostProcess host)
    {
        var beside = (await host.Client.GetFromJsonAsync<JsonElement>("/rebuilds?view=customer-spend")).GetProperty("items").EnumerateArray()
            .Where(build => State(build) != "serving").ToList();
        return beside.Count == 0 ? null : beside.Single();
    }

    private static async Task<JsonElement> StartAsync(HostProcess host)
    {
        using var started = await host.Client.PostAsJsonAsync("/views/customer-spend/rebuilds", new { version = 1 });
        started.EnsureSuccessStatusCode();
        return await started.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static ByteArrayContent Batch(int request)
    {
        var events = Enumerable.Range(0, EventsPerRequest).Select(i => new
        {
            specversion = "1.0", id = $"{request}-{i}", source = "/kill", type = "shop.order.placed", subject = $"customer/c{i}", time = "2026-03-01T10:00:00Z",
            data = new { orderId = $"{request}-{i}", customerId = $"c{i}", currency = "GBP", lines = Array.Empty<object>(), total = 0.01m * i },
        });
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(events));
        content.Headers.ContentType = new("application/cloudevents-batch+json");
        return content;
    }
}
