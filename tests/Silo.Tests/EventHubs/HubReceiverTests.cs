using Kappa.Grains;
using Kappa.Grains.Builds;
using Kappa.Grains.Streams;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kappa.Tests.EventHubs;

/// <summary>What the stream provider is given of a partition.</summary>
public sealed class HubReceiverTests
{
    [Fact]
    public async Task What_takes_longer_than_a_receive_may_goes_on_until_a_later_one_has_it()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync(OpenHub.Quick with { ReceiveEventsMax = 5 });
        for (var i = 0; i < 60; i++)
            await log.AppendAsync(("a", $"{i}"));
        await log.RefreshAsync();
        using var allowed = new SemaphoreSlim(0);
        var receives = 0;
        hub.HoldReceive = async (_, cancellationToken) =>
        {
            await allowed.WaitAsync(cancellationToken);
            receives++;
        };
        using var receiver = Receiver(log, "49");
        HubStretch? first = null;
        // The hub gives five events for each receive of the provider, and fifty must be known before the first is told from a duplicate.
        for (var i = 0; i < 60 && first is null; i++)
        {
            allowed.Release();
            var received = await receiver.ReceiveAsync(100, TimeSpan.FromMilliseconds(20));
            first = received.Select(HubStretch.Of).FirstOrDefault();
        }
        Assert.NotNull(first);
        Assert.Equal(54, first.Last);
        Assert.InRange(receives, 11, 12);
        allowed.Release(100);
        Assert.Equal(59, HubStretch.Of(Assert.Single(await receiver.ReceiveAsync(100, OpenHub.Patience))).Last);
    }

    [Fact]
    public async Task A_receive_that_fails_half_way_is_made_again_without_another_look_for_duplicates()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync(OpenHub.Quick with { ReceiveEventsMax = 5 });
        for (var i = 0; i < 60; i++)
            await log.AppendAsync(("a", $"{i % 55}"));
        await log.RefreshAsync();
        var receives = 0;
        hub.BeforeReceive = _ => receives++;
        var failing = new FailingDeliveries { FailuresLeft = 3 };
        using var receiver = Receiver(log, "49", failing);
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.ReceiveAsync(100, OpenHub.Patience));
        Assert.Equal(54, HubStretch.Of(Assert.Single(await receiver.ReceiveAsync(100, OpenHub.Patience))).Last);
        // The page four times, and fifty events before it once.
        Assert.InRange(receives, 14, 15);
        Assert.Equal(59, HubStretch.Of(Assert.Single(await receiver.ReceiveAsync(100, OpenHub.Patience))).Last);
    }

    [Fact]
    public async Task A_receiver_that_is_closed_while_it_reads_ends_at_once_and_gives_nothing_more()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync();
        await log.AppendAsync(("a", "0"));
        await log.RefreshAsync();
        var held = new TaskCompletionSource();
        hub.HoldReceive = (_, cancellationToken) =>
        {
            held.TrySetResult();
            return new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        };
        using var receiver = Receiver(log, "-1");
        Assert.Empty(await receiver.ReceiveAsync(100, TimeSpan.FromMilliseconds(1)));
        await held.Task.WaitAsync(OpenHub.Patience);
        await receiver.CloseAsync().WaitAsync(OpenHub.Patience);
        Assert.Empty(await receiver.ReceiveAsync(100, OpenHub.Patience));
    }

    private static HubStreamReceiver Receiver(EventHubLog log, string checkpoint, IDeliveries? deliveries = null)
    {
        var fanOut = new FanOut(new ViewCatalogue(ShippedViews.Events(), []), new BuildDirectory(null!, TimeProvider.System), log);
        return new HubStreamReceiver(log, 0, checkpoint, fanOut, deliveries, window: 1000, distance: 20_000, TimeProvider.System, NullLogger.Instance);
    }

    private sealed class FailingDeliveries : IDeliveries
    {
        public int FailuresLeft { get; set; }

        public List<InstanceRun> Pass(int partition, List<InstanceRun> runs) =>
            FailuresLeft-- > 0 ? throw new InvalidOperationException("It was told to fail.") : runs;
    }
}
