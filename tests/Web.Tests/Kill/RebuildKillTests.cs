using System.Net.Http.Json;
using System.Text.Json;
using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary>A host process that is killed again and again in the middle of a rebuild.</summary>
public sealed class RebuildKillTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int Requests = 120, EventsPerRequest = 1_000;

    [Fact]
    public async Task A_rebuild_that_is_killed_twenty_times_ends_with_the_states_of_one_that_was_not()
    {
        using var data = new TempDirectory();
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var host = await HostProcess.StartAsync(data.Path);
        try
        {
            for (var request = 0; request < Requests; request++)
            {
                using var taken = await host.Client.PostAsync("/events", Batch(request));
                taken.EnsureSuccessStatusCode();
            }
            using (var started = await host.Client.PostAsJsonAsync("/views/customer-spend/rebuilds", new { version = 1 }))
                started.EnsureSuccessStatusCode();
            var (inTheMiddle, last) = (0, 0L);
            for (var kill = 0; kill < Kills; kill++)
            {
                await Task.Yield();
                var until = random.NextInt64(0, 12_000);
                // While it folds, some way on from where it was; nothing is waited for but the rebuild itself.
                JsonElement build;
                do
                    build = await BuildAsync(host);
                while (build.GetProperty("state").GetString() == "building" && build.GetProperty("eventsDone").GetInt64() < last + until);
                inTheMiddle += build.GetProperty("state").GetString() == "building" ? 1 : 0;
                await host.KillAsync();
                await host.DisposeAsync();
                host = await HostProcess.StartAsync(data.Path);
                last = (await BuildAsync(host)).GetProperty("eventsDone").GetInt64();
            }
            JsonElement ready;
            do
                ready = await BuildAsync(host);
            while (ready.GetProperty("state").GetString() == "building");
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
            output.WriteLine($"{inTheMiddle} of {Kills} kills fell into the rebuild");
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private static async Task<JsonElement> BuildAsync(HostProcess host) =>
        (await host.Client.GetFromJsonAsync<JsonElement>("/rebuilds?view=customer-spend")).GetProperty("items").EnumerateArray()
            .Single(build => build.GetProperty("state").GetString() is not "serving");

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
