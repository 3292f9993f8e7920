using System.Net.Http.Json;
using System.Text.Json;

namespace Kappa.Bench.Clients;

/// <summary>Rebuilds customer-spend again and again, each from the start of the log and discarded when it is ready, until told to stop.</summary>
internal sealed class RebuildClient(Uri host)
{
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = host };
        for (var rebuilds = 0; ; rebuilds++)
        {
            using var started = await http.PostAsJsonAsync("/views/customer-spend/rebuilds", new { version = 1 }, CancellationToken.None);
            started.EnsureSuccessStatusCode();
            var id = (await started.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("id").GetString();
            while (!stop.IsCancellationRequested && (await http.GetFromJsonAsync<JsonElement>($"/rebuilds/{id}", CancellationToken.None)).GetProperty("state").GetString() != "ready")
                await Task.Delay(100, CancellationToken.None);
            using var discarded = await http.PostAsync($"/rebuilds/{id}/discard", null, CancellationToken.None);
            discarded.EnsureSuccessStatusCode();
            if (stop.IsCancellationRequested)
                return rebuilds;
        }
    }
}
