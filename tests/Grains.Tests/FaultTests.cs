using System.Diagnostics;
using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Grains.Tests;

/// <summary>Streams that lose, repeat, delay and reorder, and silos that are killed: the auditors make up for all of it.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Games = 150_000;

    [Fact]
    public async Task What_streams_lose_and_repeat_while_silos_are_killed_is_made_up_for_to_the_last_byte()
    {
        const int seed = 17;
        var deliveries = new FaultyDeliveries(seed, dropped: 0.02, repeated: 0.02, delayed: 0.02);
        var views = ShippedViews.All();
        await using var cluster = new SiloCluster(ShippedViews.Events(), 3, views, deliveries: deliveries);
        await cluster.StartAsync();
        var events = RealEvents.Interleaved([.. RealEvents.Shop(cluster.Types), .. RealEvents.Games(cluster.Types, Games)], seed);
        if (events.Count == 0)
        {
            output.WriteLine("the real files are missing; nothing was checked");
            return;
        }
        output.WriteLine($"seed {seed}, {events.Count} events");
        var watch = Stopwatch.StartNew();
        var killed = 0;
        var nextKill = TimeSpan.FromSeconds(3);
        var random = new Random(seed);
        await RealEvents.AppendAsync(cluster.Log, events, 250, async receipt =>
        {
            // Not faster than the views, or everything would come by way of catching up, and nothing by streams.
            await cluster.Views.ReadAsync("game", "none", receipt, TimeSpan.FromSeconds(30));
            if (watch.Elapsed < nextKill || killed >= 5)
                return;
            await cluster.KillAsync(cluster.Silos[random.Next(cluster.Silos.Count)]);
            await cluster.AddAsync();
            killed++;
            nextKill = watch.Elapsed + TimeSpan.FromSeconds(4);
        });
        foreach (var view in views)
            await cluster.CaughtUpAsync(view.Name);
        output.WriteLine($"{watch.Elapsed}: {killed} silos killed; of the runs {deliveries.Passed} passed, {deliveries.Dropped} dropped, {deliveries.Repeated} repeated, {deliveries.Delayed} delayed");
        Assert.True(killed >= 3 && deliveries.Dropped > 100 && deliveries.Repeated > 100, "the test did not test what it should");
        foreach (var view in views)
        {
            var report = await cluster.Views.AuditAsync(view.Name);
            Assert.True(report.Complete, $"{view.Name}: " + string.Join("\n", report.Problems));
        }
        Assert.True((await cluster.Views.ListAsync()).Sum(view => view.Repairs!.Sum()) > 100, "what was mended is not counted");
        output.WriteLine($"{await BothEngines.MustAgreeAsync(cluster.Views, cluster.Log, cluster.Types, views)} instances agree, {watch.Elapsed}");
    }
}
