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
public sealed class HubStreamTests(ITestOutputHelper output) : IDisposable
{
    private const int Events = 3000;

    private readonly MeterListener _meters = new();
    private long _repairs;

    [Fact]
    public async Task Events_come_by_stream_to_all_instances_of_several_views()
    {
        Listen();
        var seen = new SeenDeliveries();
        await using var reference = new MemoryLog();
        await using var log = await new TestHub(partitions: 4).LogAsync();
        // Auditors look so seldom that what is there before they do came by stream.
        await using var silos = new HubSilos(log, new SharedStorage(), 2, seen, TimeSpan.FromMinutes(1));
        await silos.StartAsync();
        // Until every silo knows of the builds, auditors bring their events.
        var known = 0;
        for (; seen.Pairs < 4 * 4 && known < 10_000; known += 20)
            await ShopAndGames.AppendAsync(log, reference, "a", known, known + 20, Paced(silos, log));
        Assert.Equal(4 * 4, seen.Pairs);
        await silos.CaughtUpAsync();
        var (delivered, repaired) = (seen.Deliveries, _repairs);
        await ShopAndGames.AppendAsync(log, reference, "a", known, known + Events);
        foreach (var (customer, version) in ShopAndGames.Customers("a", known + Events))
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
        await using var reference = new MemoryLog();
        await using var log = await new TestHub(partitions: 4).LogAsync();
        var storage = new SharedStorage();
        await using (var silos = new HubSilos(log, storage, 1))
        {
            await silos.StartAsync();
            await ShopAndGames.AppendAsync(log, reference, "a", 0, Events, Paced(silos, log));
            await silos.CaughtUpAsync();
        }
        var before = LogCuts.EndOf(log);
        // What comes while no silo runs is not lost either, whoever brings it.
        await ShopAndGames.AppendAsync(log, reference, "a", Events, Events + 300);
        var seen = new SeenDeliveries();
        await using var again = new HubSilos(log, storage, 1, seen);
        await again.StartAsync();
        await ShopAndGames.AppendAsync(log, reference, "a", Events + 300, Events + 600, Paced(again, log));
        await again.CaughtUpAsync();
        foreach (var (partition, first) in seen.First)
        {
            output.WriteLine($"partition {partition}: {before[partition]} events before, delivered from {first} on");
            Assert.InRange(first, before[partition] / 2, log.Next(partition));
        }
        Assert.Equal(4, seen.First.Count);
        await again.MustBeCompleteAsync();
        await BothEngines.MustAgreeAsync(again.Views, reference, ShippedViews.Events(), ShippedViews.All());
    }

    [Fact]
    public async Task Receives_and_sends_that_fail_now_and_then_change_nothing()
    {
        var hub = new TestHub(partitions: 4);
        var (random, gate, failures) = (new Random(11), new Lock(), 0);
        hub.BeforeReceive = _ => Fail(EventHubsException.FailureReason.ServiceCommunicationProblem);
        hub.BeforeSend = (_, _) =>
        {
            Fail(EventHubsException.FailureReason.ServiceBusy);
            return Task.CompletedTask;
        };
        // Stored, but the sender is told otherwise, and sends again.
        hub.AfterSend = (_, _) => Fail(EventHubsException.FailureReason.ServiceTimeout);
        await using var reference = new MemoryLog();
        await using var log = await hub.LogAsync();
        await using var silos = new HubSilos(log, new SharedStorage(), 2);
        await silos.StartAsync();
        await ShopAndGames.AppendAsync(log, reference, "a", 0, Events, Paced(silos, log));
        await silos.CaughtUpAsync();
        output.WriteLine($"{failures} failures, {LogCuts.EndOf(log).Count - Events} repeats");
        Assert.True(failures > 20 && LogCuts.EndOf(log).Count > Events + 100, "the test did not test what it should");
        await silos.MustBeCompleteAsync();
        await BothEngines.MustAgreeAsync(silos.Views, reference, ShippedViews.Events(), ShippedViews.All());

        void Fail(EventHubsException.FailureReason reason)
        {
            lock (gate)
                if (random.Next(5) == 0)
                {
                    failures++;
                    throw TestHub.Failure(reason);
                }
        }
    }

    public void Dispose() => _meters.Dispose();

    private static async Task ReachedAsync(IViews views, string customer, long version)
    {
        await foreach (var envelope in views.WatchAsync("customer-spend", customer, null, WatchMode.Latest, default))
            if (envelope.Version >= version)
                return;
    }

    /// <summary>Not faster than the views, or everything would come by way of catching up, and nothing by streams.</summary>
    private static Func<Receipt, Task> Paced(HubSilos silos, EventHubLog log) => async receipt =>
        await silos.Views.ReadAsync("game", "none", new Receipt(await receipt.ResolveAsync(log)), OpenHub.Patience);

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
