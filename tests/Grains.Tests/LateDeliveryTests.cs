using System.Diagnostics.Metrics;
using Kappa.Contracts;
using Kappa.Diagnostics;
using Kappa.Events;
using Kappa.Grains.Hosting;
using Kappa.Grains.Instances;
using Kappa.Grains.Streams;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>A repeat that a stream brings when the auditor has passed its place, so that nobody would ask for it any more.</summary>
public sealed class LateDeliveryTests
{
    /// <summary>More than anything else brings at once, so that it is told from the rest.</summary>
    private const int Repeats = 7;

    [Fact]
    public async Task A_repeat_that_comes_after_the_audit_of_its_place_is_not_applied()
    {
        var deliveries = new LateDeliveries();
        await using var cluster = new SiloCluster(AccountView.Types(), 1, [new AccountView(name: "late")], deliveries: deliveries);
        await cluster.StartAsync();
        var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener { InstrumentPublished = (instrument, to) => { if (instrument.Name == "kappa.grains.delivered") to.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, events, tags, _) =>
        {
            if (events >= Repeats && tags.ToArray().Contains(KappaMetrics.ViewTag("late").Single()))
                delivered.TrySetResult();
        });
        listener.Start();

        // Two accounts in one partition and one window of its auditor.
        using var batch = new EventBatch();
        foreach (var account in (string[])["a", "b"])
            batch.Add(CloudEvent.Of(cluster.Types, new Credited(account, 1), account, "/tests", "same"));
        await cluster.Log.AppendAsync(batch);
        await cluster.CaughtUpAsync("late");
        // As a duplicate in the log that the stream's receiver did not know as one: the event of "a" again, in a place that is not of "a".
        var partition = Enumerable.Range(0, cluster.Log.PartitionCount).Single(p => cluster.Log.Next(p) == 2);
        using var page = await cluster.Log.ReadAsync(partition, 0, 1 << 20);
        var repeat = new RecordedEvent(page.Events[0].Record.ToArray(), new Position(partition, 1), page.Events[1].AppendedTicks);
        deliveries.Late = new InstanceRun(InstanceStreamMapper.StreamOf("late-v1-0001", KeyText.Encode("a"), partition),
            EventRun.Of(partition, [.. Enumerable.Repeat(repeat, Repeats)], [.. Enumerable.Range(0, Repeats)]));
        await delivered.Task.WaitAsync(ViewsHost.Patience);

        Assert.Equal(1, (await cluster.Views.ReadAsync("late", "a")).Envelope!.Version);
        Assert.True((await cluster.Views.AuditAsync("late")).Complete);
    }

    private sealed class LateDeliveries : IDeliveries
    {
        private InstanceRun? _late;

        public InstanceRun Late
        {
            set
            {
                lock (this)
                    _late = value;
            }
        }

        public List<InstanceRun> Pass(int partition, List<InstanceRun> runs)
        {
            lock (this)
                if (_late is { } late)
                {
                    _late = null;
                    return [.. runs, late];
                }
            return runs;
        }
    }
}

[ViewGrain("late", 1)]
public sealed class LateGrain(GrainsContext context) : ViewGrain<Account>(context);
