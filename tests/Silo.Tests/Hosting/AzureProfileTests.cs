using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Kappa.Shop;
using Kappa.Silo.Hosting;
using Kappa.Tests.EventHubs;
using Kappa.Views;
using Kappa.Web.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Kappa.Tests.Hosting;

/// <summary>
/// The host as it runs on Azure, a silo and a web app beside it, over the hub and the tables that the environment gives: emulators, stand-ins or the
/// services themselves. <c>KAPPA_TEST_EVENTHUBS</c> is the hub's connection string, <c>KAPPA_TEST_TABLES</c> that of a storage account. Without them
/// there is nothing to try, and the tests pass.
/// </summary>
[Collection(nameof(GivenHub))]
public sealed class AzureProfileTests
{
    private static readonly string? _hub = Environment.GetEnvironmentVariable("KAPPA_TEST_EVENTHUBS"), _tables = Environment.GetEnvironmentVariable("KAPPA_TEST_TABLES");
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly int _port = FreePorts.Of(2);

    [Fact]
    public async Task A_web_app_appends_reads_its_writes_and_watches_what_a_silo_folds_through_a_restart_of_both()
    {
        if (_hub is null || _tables is null)
            return;
        string token;
        await using (var silo = await StartAsync("silo"))
        await using (var web = await StartAsync("web"))
        {
            using var client = new HttpClient { BaseAddress = new Uri(web.Urls.Single()) };
            for (var version = 1; version <= 20; version++)
                Assert.Equal(version, (await ReadAsync(client, await AppendAsync(client, version))).GetProperty("version").GetInt64());

            using var watch = new HttpRequestMessage(HttpMethod.Get, $"/views/customer-spend/{_run}?mode=every");
            watch.Headers.Accept.ParseAdd("text/event-stream");
            using var watching = await client.SendAsync(watch, HttpCompletionOption.ResponseHeadersRead);
            using var lines = new StreamReader(await watching.Content.ReadAsStreamAsync());
            Assert.Equal(20, (await NextAsync(lines)).GetProperty("version").GetInt64());
            await AppendAsync(client, 21);
            var pushed = await NextAsync(lines);
            Assert.Equal(21, pushed.GetProperty("version").GetInt64());
            Assert.Equal(21 * 15.30m, pushed.GetProperty("state").GetProperty("total").GetDecimal());
            token = pushed.GetProperty("token").GetString()!;
        }
        await using (var silo = await StartAsync("silo"))
        await using (var web = await StartAsync("web"))
        {
            using var client = new HttpClient { BaseAddress = new Uri(web.Urls.Single()) };
            var state = await ReadAsync(client, await AppendAsync(client, 22));
            Assert.Equal((22L, 22 * 15.30m), (state.GetProperty("version").GetInt64(), state.GetProperty("state").GetProperty("total").GetDecimal()));
            Assert.NotEqual(token, state.GetProperty("token").GetString());
            using var audited = await client.GetAsync("/audit/customer-spend");
            Assert.True((await audited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("complete").GetBoolean());
        }
    }

    private async Task<WebApplication> StartAsync(string role)
    {
        var app = SiloHost.Build([$"--Kappa:Roles={role}", $"--Kappa:Azure:EventHubs:ConnectionString={_hub}", $"--Kappa:Azure:Tables:ConnectionString={_tables}",
            $"--Kappa:Cluster:Service=test-{_run}", $"--Kappa:Cluster:Id=test-{_run}", $"--Kappa:Cluster:SiloPort={_port}", $"--Kappa:Cluster:GatewayPort={_port + 1}",
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"], ShippedViews.Events(), [new CustomerSpendView()]);
        await SiloHost.StartAsync(app).WaitAsync(_patience);
        return app;
    }

    private async Task<string> AppendAsync(HttpClient client, int order)
    {
        using var content = new StringContent($$"""
            {"specversion":"1.0","id":"{{_run}}-{{order}}","source":"/test","type":"shop.order.placed","subject":"customer/{{_run}}","time":"2026-03-01T10:00:00Z",
             "data":{"orderId":"{{order}}","customerId":"{{_run}}","country":"UK","currency":"GBP","lines":[{"sku":"85123","quantity":6,"unitPrice":2.55}],"total":15.30} }
            """, Encoding.UTF8, "application/cloudevents+json");
        using var response = await client.PostAsync("/events", content);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonDocument.Parse(answer).RootElement.GetProperty("receipt").GetString()!;
    }

    private async Task<JsonElement> ReadAsync(HttpClient client, string receipt)
    {
        using var response = await client.GetAsync($"/views/customer-spend/{_run}?receipt={Uri.EscapeDataString(receipt)}&wait=30s");
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonDocument.Parse(answer).RootElement;
    }

    private static async Task<JsonElement> NextAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync().WaitAsync(_patience) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
        throw new InvalidOperationException("The watch ended.");
    }
}
