using System.Diagnostics;
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

    /// <summary>Nobody learns of an event because it is looked up every few seconds.</summary>
    private static readonly EventHubLogOptions _unasked = OpenHub.Quick with { RefreshEvery = TimeSpan.FromHours(1) };

    private readonly string _run = GivenHub.Connection is null ? "a" : Guid.NewGuid().ToString("N")[..8];
    private readonly MeterListener _meters = new();
    private long _repairs;

    [Fact]
    public async Task Events_come_by_stream_to_all_instances_of_several_views()
    {
        Listen();
        var seen = new SeenDeliveries();
        var open = GivenHub.OrInMemory(_unasked);
        await using var log = await open();
        await using var reference = await GivenHub.CopyAsync(log);
        // Auditors look so seldom that what is there before they do came by stream.
        await using var silos = new HubSilos(open, new SharedStorage(), 2, seen, TimeSpan.FromMinutes(1));
        await silos.StartAsync();
        // Until every silo knows of the builds, auditors bring their events.
        var known = 0;
        for (; seen.Pairs < 4 * log.PartitionCount && known < 10_000; known += 20)
            await ShopAndGames.AppendAsync(log, reference, _run, known, known + 20, Paced(silos));
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
        var open = GivenHub.OrInMemory(_unasked);
        await using var log = await open();
        await using var reference = await GivenHub.CopyAsync(log);
        var storage = new SharedStorage();
        await using (var silos = new HubSilos(open, storage, 1))
        {
            await silos.StartAsync();
            await ShopAndGames.AppendAsync(log, reference, _run, 0, Events, Paced(silos));
            await silos.CaughtUpAsync();
        }
        var before = await LogCuts.EndAsync(log);
        // What comes while no silo runs is not lost either, whoever brings it.
        await ShopAndGames.AppendAsync(log, reference, _run, Events, Events + 300);
        var seen = new SeenDeliveries();
        await using var again = new HubSilos(open, storage, 1, seen);
        await again.StartAsync();
        await ShopAndGames.AppendAsync(log, reference, _run, Events + 300, Events + 600, Paced(again));
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
        await using var log = await hub.LogAsync(_unasked);
        await using var silos = new HubSilos(() => hub.LogAsync(_unasked), new SharedStorage(), 3);
        await silos.StartAsync();
        await ShopAndGames.AppendAsync(log, reference, _run, 0, Events, Paced(silos));
        await silos.CaughtUpAsync();
        var stored = (await LogCuts.EndAsync(log)).Count;
        output.WriteLine($"{failures} failures, {stored - Events} repeats, up to {hub.ReadersSeen} readers of a partition");
        Assert.True(failures > 20 && stored > Events + 100, "the test did not test what it should");
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

    [Fact]
    public async Task Every_silo_answers_right_after_an_append_whoever_reads_its_partition_and_however_often_receives_fail()
    {
        var hub = new TestHub(partitions: 4);
        var (random, gate) = (new Random(5), new Lock());
        hub.BeforeReceive = _ =>
        {
            lock (gate)
                if (random.Next(5) == 0)
                    throw TestHub.Failure(EventHubsException.FailureReason.ServiceCommunicationProblem);
        };
        await using var log = await hub.LogAsync(_unasked);
        await using var silos = new HubSilos(() => hub.LogAsync(_unasked), new SharedStorage(), 3);
        await silos.StartAsync();
        await ShopAndGames.AppendAsync(log, null, _run, 0, 20, Paced(silos));
        var slowest = TimeSpan.Zero;
        for (var at = 20; at < 20 + 20 * 60; at += 20)
        {
            var receipt = await ShopAndGames.AppendAsync(log, null, _run, at, at + 20);
            var started = Stopwatch.GetTimestamp();
            foreach (var (customer, version) in ShopAndGames.Customers(_run, at + 20).Take(3))
            {
                // At first all through one silo: the others learn of the appends by themselves, or not at all.
                var read = await silos.ViewsOf(at < 600 ? 0 : at / 20 % 3).ReadAsync("customer-spend", customer, receipt, OpenHub.Patience);
                Assert.Equal((ReadStatus.Found, version), (read.Status, read.Envelope!.Version));
            }
            slowest = Stopwatch.GetElapsedTime(started) is var took && took > slowest ? took : slowest;
        }
        output.WriteLine($"the slowest took {slowest}; up to {hub.ReadersSeen} readers of a partition");
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"a read right after its append took {slowest}");
        await silos.MustBeCompleteAsync();
    }

    public void Dispose() => _meters.Dispose();

    private static async Task ReachedAsync(IViews views, string customer, long version)
    {
        await foreach (var envelope in views.WatchAsync("customer-spend", customer, null, WatchMode.Latest, default))
            if (envelope.Version >= version)
                return;
    }

    /// <summary>Not faster than the views, or everything would come by way of catching up, and nothing by streams.</summary>
    private static Func<Receipt, Task> Paced(HubSilos silos) => async receipt =>
        Assert.Equal(ReadStatus.NotFound, (await silos.Views.ReadAsync("game", "none", receipt, OpenHub.Patience)).Status);

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
