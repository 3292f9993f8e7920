using System.Diagnostics;
using Azure.Messaging.EventHubs;
using Kappa.Grains.Tests;
using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Tests.EventHubs;

/// <summary>Three silos, each with a log of its own, on a hub that fails now and then.</summary>
[Collection(nameof(GivenHub))]
public sealed class HubFaultTests(ITestOutputHelper output)
{
    private const int Events = 3000;

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
        await using var log = await hub.LogAsync(OpenHub.Unasked);
        await using var silos = new HubSilos(() => hub.LogAsync(OpenHub.Unasked), new SharedStorage(), 3);
        await silos.StartAsync();
        await ShopAndGames.AppendAsync(log, reference, "a", 0, Events, silos.ShownAsync);
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
    public async Task A_given_hub_may_fail_as_well_if_it_can_be_made_to()
    {
        if (!GivenHub.FailNext())
            return;
        var (open, run) = (GivenHub.OrInMemory(OpenHub.Unasked), Guid.NewGuid().ToString("N")[..8]);
        await using var log = await open();
        await using var reference = await GivenHub.CopyAsync(log);
        var before = (await LogCuts.EndAsync(log)).Count;
        await using var silos = new HubSilos(open, new SharedStorage(), 2);
        await silos.StartAsync();
        for (var at = 0; at < Events; at += 100)
        {
            GivenHub.FailNext();
            await ShopAndGames.AppendAsync(log, reference, run, at, at + 100, silos.ShownAsync);
        }
        await silos.CaughtUpAsync();
        var repeats = (await LogCuts.EndAsync(log)).Count - before - Events;
        output.WriteLine($"{repeats} repeats");
        Assert.True(repeats > 0, "no send failed after it was stored");
        await silos.MustBeCompleteAsync();
        await BothEngines.MustAgreeAsync(silos.Views, reference, ShippedViews.Events(), ShippedViews.All());
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
        await using var log = await hub.LogAsync(OpenHub.Unasked);
        await using var silos = new HubSilos(() => hub.LogAsync(OpenHub.Unasked), new SharedStorage(), 3);
        await silos.StartAsync();
        var first = await ShopAndGames.AppendAsync(log, null, "a", 0, 20, silos.ShownAsync);
        // A receipt promises what its own append is in: those that follow need not touch the partitions of this one.
        Assert.Equal(ReadStatus.NotFound, (await silos.Views.ReadAsync("customer-spend", "none", first, OpenHub.Patience)).Status);
        var slowest = TimeSpan.Zero;
        for (var at = 20; at < 20 + 20 * 60; at += 20)
        {
            var receipt = await ShopAndGames.AppendAsync(log, null, "a", at, at + 20);
            var started = Stopwatch.GetTimestamp();
            foreach (var (customer, version) in ShopAndGames.Customers("a", at + 20).Take(3))
            {
                // At first all through one silo: the others learn of the appends by themselves, or not at all.
                var read = await silos.ViewsOf(at < 600 ? 0 : at / 20 % 3).ReadAsync("customer-spend", customer, receipt, OpenHub.Patience);
                Assert.True((ReadStatus.Found, version) == (read.Status, read.Envelope?.Version), $"{customer} after {at}: {read.Status} {read.Envelope?.Version} instead of {version}");
            }
            slowest = Stopwatch.GetElapsedTime(started) is var took && took > slowest ? took : slowest;
        }
        output.WriteLine($"the slowest took {slowest}; up to {hub.ReadersSeen} readers of a partition");
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"a read right after its append took {slowest}");
        await silos.MustBeCompleteAsync();
    }
}
