using System.Diagnostics;
using System.Text.Json;
using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Grains.Tests;

/// <summary>The real shop and the real games on three silos.</summary>
public sealed class RealDataTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Three_silos_have_exactly_what_the_embedded_engine_has_and_the_published_figures()
    {
        var views = ShippedViews.All();
        await using var cluster = new SiloCluster(ShippedViews.Events(), 3, views);
        await cluster.StartAsync();
        var (shop, games) = (RealEvents.Shop(cluster.Types), RealEvents.Games(cluster.Types, int.MaxValue));
        if (shop.Count == 0 || games.Count == 0)
        {
            output.WriteLine("the real files are missing; nothing was checked");
            return;
        }
        var watch = Stopwatch.StartNew();
        await RealEvents.AppendAsync(cluster.Log, shop.Concat(games), 500);
        foreach (var view in views)
            await cluster.CaughtUpAsync(view.Name);
        output.WriteLine($"{shop.Count + games.Count} events through four views in {watch.Elapsed}");
        foreach (var info in await cluster.Views.ListAsync())
            output.WriteLine($"{info.View}: {info.Instances} instances, {info.Applied} applied, watermark {info.Watermark}");

        var top = await cluster.Views.TopAsync("customer-spend", "total", 3);
        Assert.Equal([("14646", 110_668.12m), ("18102", 64_483.90m), ("17450", 54_602.44m)], top.Select(one => (one.Key, Number(one, "total"))));
        Assert.Equal(2_767, (await BothEngines.KeysAsync(cluster.Views, "customer-spend")).Count);
        Assert.Equal(7_582, (await BothEngines.KeysAsync(cluster.Views, "game")).Count);
        var revenue = 0m;
        foreach (var month in await BothEngines.KeysAsync(cluster.Views, "monthly-sales"))
            revenue += Number((await cluster.Views.ReadAsync("monthly-sales", month)).Envelope!, "revenue");
        Assert.Equal(3_706_827.641m, revenue);

        var compared = await BothEngines.MustAgreeAsync(cluster.Views, cluster.Log, cluster.Types, views);
        output.WriteLine($"{compared} instances are the same, byte by byte, {watch.Elapsed}");
        foreach (var view in views)
        {
            var report = await cluster.Views.AuditAsync(view.Name);
            Assert.True(report.Complete, string.Join("\n", report.Problems));
            output.WriteLine($"{view.Name}: {report.Routed} applications proven, {watch.Elapsed}");
        }
    }

    private static decimal Number(ViewEnvelope envelope, string property)
    {
        using var state = JsonDocument.Parse(envelope.State);
        return state.RootElement.GetProperty(property).GetDecimal();
    }
}
