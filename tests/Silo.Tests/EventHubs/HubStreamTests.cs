using System.Diagnostics.Metrics;
using Azure.Messaging.EventHubs;
using Kappa.Diagnostics;
using Kappa.Grains.Tests;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Tests.EventHubs;

/// <summary>Silos fed from a hub of four partitions through the Event Hubs stream provider: what they fold is what the embedded engine folds.</summary>
[Collection(nameof(GivenHub))]
public sealed class HubStreamTests(ITestOutputHelper output) : IDisposable
{
    private const int Events = 3000;

    private readonly string _run = GivenHub.Connection is null ? "a" : Guid.NewGuid().ToString("N")[..8];
    private readonly MeterListener _meters = new();
    private long _repairs;

    [Fact]
    public async Task Events_come_by_stream_to_all_instances_of_several_views()
    {
        Listen();
        var seen = new SeenDeliveries();
        var open = GivenHub.OrInMemory(OpenHub.Unasked);
        await using var log = await open();
        await using var reference = await GivenHub.CopyAsync(log);
        // Auditors look so seldom that what is there before they do came by stream.
        await using var silos = new HubSilos(open, new SharedStorage(), 2, seen, TimeSpan.FromMinutes(1));
        await silos.StartAsync();
        // Until every silo knows of the builds, auditors bring their events.
        var known = 0;
        for (; seen.Pairs < 4 * log.PartitionCount && known < 10_000; known += 20)
            await ShopAndGames.AppendAsync(log, reference, _run, known, known + 20, silos.ShownAsync);
        Assert.Equal(4 * log.PartitionCount, seen.Pairs);
        await silos.CaughtUpAsync();
        var (delivered, repaired) = (seen.Deliveries, _repairs);
        await ShopAndGames.AppendAsync(log, reference, _run, known, known + Events);
        foreach (var (customer, version) in ShopAndGames.Customers(_run, known + Events))
            await ReachedAsync(silos.Views, customer, version).WaitAsync(OpenHub.Patience / 2);
        await silos.CaughtUpAsync();
        (delivered, repaired) = (seen.Deliveries - delivered, _repairs - repaired);
        output.WriteLine($"{delivered} deliveries of {Events} events; {repaired} repairs");
        Assert.True(delivered >= Events, "an event concerns at least one instance");
        Assert.True(repaired < delivered / 10, $"{repaired} of {delivered} deliveries were made up for by auditors: streams do not deliver");
        await silos.MustBeCompleteAsync();
        output.WriteLine($"{await BothEngines.MustAgreeAsync(silos.Views, reference, ShippedViews.Events(), ShippedViews.All())} instances agree");
    }

    [Fact]
    public async Task After_a_restart_streams_go_on_from_the_checkpoint()
    {
        var open = GivenHub.OrInMemory(OpenHub.Unasked);
        await using var log = await open();
        await using var reference = await GivenHub.CopyAsync(log);
        var storage = new SharedStorage();
        await using (var silos = new HubSilos(open, storage, 1))
        {
            await silos.StartAsync();
            await ShopAndGames.AppendAsync(log, reference, _run, 0, Events, silos.ShownAsync);
            await silos.CaughtUpAsync();
        }
        var before = await LogCuts.EndAsync(log);
        // What comes while no silo runs is not lost either, whoever brings it.
        await ShopAndGames.AppendAsync(log, reference, _run, Events, Events + 300);
        var seen = new SeenDeliveries();
        await using var again = new HubSilos(open, storage, 1, seen);
        await again.StartAsync();
        await ShopAndGames.AppendAsync(log, reference, _run, Events + 300, Events + 600, again.ShownAsync);
        await again.CaughtUpAsync();
        foreach (var (partition, first) in seen.First)
        {
            output.WriteLine($"partition {partition}: {before[partition]} events before, delivered from {first} on");
            Assert.InRange(first, before[partition] / 2, await log.EndAsync(partition));
        }
        Assert.Equal(log.PartitionCount, seen.First.Count);
        await again.MustBeCompleteAsync();
        await BothEngines.MustAgreeAsync(again.Views, reference, ShippedViews.Events(), ShippedViews.All());
    }

    public void Dispose() => _meters.Dispose();

    private static async Task ReachedAsync(IViews views, string customer, long version)
    {
        await foreach (var envelope in views.WatchAsync("customer-spend", customer, null, WatchMode.Latest, default))
            if (envelope.Version >= version)
                return;
    }

    private void Listen()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == KappaMetrics.Meter && instrument.Name == "kappa.audit.repairs")
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _repairs, value));
        _meters.Start();
    }
}
