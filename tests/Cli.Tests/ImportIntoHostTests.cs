using System.Net.Http.Json;
using System.Text.Json;
using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary>The real files, imported over HTTP into a running host, read back through its API.</summary>
public sealed class ImportIntoHostTests(ITestOutputHelper output)
{
    [Fact]
    public async Task All_real_files_give_exactly_the_published_figures_and_importing_twice_changes_nothing()
    {
        if (SharedData.Find("online-retail") is not { } shop || SharedData.Find("lichess") is not { } games)
        {
            output.WriteLine("shared/data is missing; nothing was checked");
            return;
        }
        await using var host = await RunningHost.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(host.Address) };
        var checkpoints = Directory.CreateTempSubdirectory("kappa-checkpoints-");
        try
        {
            for (var time = 1; time <= 2; time++)
            {
                foreach (var (format, file) in Directory.GetFiles(shop).Select(file => ("online-retail", file))
                    .Concat(Directory.GetFiles(games).Select(file => ("pgn", file))))
                    await ImportAsync(host, format, file, checkpoints.FullName);
                await CheckAsync(http);
            }
            // Without its checkpoints the shop's file is sent again, and the log refuses every event of it.
            foreach (var file in checkpoints.GetFiles())
                file.Delete();
            await ImportAsync(host, "online-retail", Directory.GetFiles(shop).Single(), checkpoints.FullName);
            await CheckAsync(http);
            var (exitCode, text, error) = await CommandLine.RunAsync("audit", "--all", "--to", host.Address);
            output.WriteLine(text + error);
            Assert.Equal(0, exitCode);
        }
        finally
        {
            checkpoints.Delete(recursive: true);
        }
    }

    private async Task ImportAsync(RunningHost host, string format, string file, string checkpoints)
    {
        var (exitCode, text, error) = await CommandLine.RunAsync(
            "import", format, file, "--to", host.Address, "--checkpoint", Path.Combine(checkpoints, Path.GetFileName(file)));
        output.WriteLine(text + error);
        Assert.Equal(0, exitCode);
    }

    private static async Task CheckAsync(HttpClient http)
    {
        var log = await http.GetFromJsonAsync<JsonElement>("log");
        Assert.Equal(10_783 + 524_757 + 2 * 7_582, log.GetProperty("partitions").EnumerateArray().Sum(one => one.GetProperty("next").GetInt64()));

        // An audit waits for nobody: reading with the cut of the whole log as a receipt does.
        var cut = string.Join(',', log.GetProperty("partitions").EnumerateArray().Select(one => $"{one.GetProperty("partition")}:{one.GetProperty("next")}"));
        Assert.True(Log.Cut.TryParse(cut, out var all));
        var receipt = new Log.Receipt(all).ToString();

        var top = await TopAsync(http, "customer-spend", "total", $"14646?receipt={receipt}&wait=60s");
        Assert.Equal([("14646", 110_668.12m), ("18102", 64_483.90m), ("17450", 54_602.44m)],
            top.Take(3).Select(state => (state.GetProperty("customerId").GetString()!, state.GetProperty("total").GetDecimal())));

        decimal revenue = 0;
        foreach (var month in (string[])["2010-12", "2011-01", "2011-02", "2011-03", "2011-04", "2011-05"])
            revenue += (await http.GetFromJsonAsync<JsonElement>($"views/monthly-sales/{month}?receipt={receipt}&wait=60s"))
                .GetProperty("state").GetProperty("revenue").GetDecimal();
        Assert.Equal(3_706_827.641m, revenue);

        Assert.Equal(18, (await http.GetFromJsonAsync<JsonElement>($"views/player/Pankratov_Oleg?receipt={receipt}&wait=60s"))
            .GetProperty("state").GetProperty("wins").GetInt32());
        await http.GetFromJsonAsync<JsonElement>($"views/game/WUljHvXl?receipt={receipt}&wait=60s");
        Assert.Equal((2_767, 3_206, 7_582), (await CountAsync(http, "customer-spend"), await CountAsync(http, "player"), await CountAsync(http, "game")));
    }

    private static async Task<List<JsonElement>> TopAsync(HttpClient http, string view, string rank, string first)
    {
        await http.GetFromJsonAsync<JsonElement>($"views/{view}/{first}");
        var top = await http.GetFromJsonAsync<JsonElement>($"views/{view}/top/{rank}?take=10");
        return [.. top.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("state"))];
    }

    private static async Task<int> CountAsync(HttpClient http, string view)
    {
        var views = await http.GetFromJsonAsync<JsonElement>("views");
        return views.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("view").GetString() == view).GetProperty("instances").GetInt32();
    }
}
