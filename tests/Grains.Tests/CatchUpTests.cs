using System.Globalization;
using Kappa.Contracts;
using Kappa.Grains.Instances;
using Kappa.Views;
using Orleans;
using Orleans.Runtime;

namespace Kappa.Grains.Tests;

/// <summary>What an auditor that is far behind leaves room for.</summary>
public sealed class CatchUpTests
{
    private const int Events = 40_000;

    [Fact]
    public async Task A_silo_that_stops_does_not_wait_until_a_build_has_caught_up()
    {
        await using var cluster = new SiloCluster(AccountView.Types(), 2, [new AccountView()], options => (options.WindowEventsMax, options.LiveDistance) = (1, 1))
        {
            ReaderOf = log => new OwnReader(log) { PageBytesMax = 1 },
        };
        for (var part = 0; part < Events / 1_000; part++)
        {
            using var batch = new Kappa.Events.EventBatch();
            for (var i = 0; i < 1_000; i++)
                batch.Add(Kappa.Events.CloudEvent.Of(cluster.Types, new Credited("a", 1), string.Create(CultureInfo.InvariantCulture, $"{part}-{i}"), "/tests", "account/a"));
            await cluster.Log.AppendAsync(batch);
        }
        var windows = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Storage.Fails = name =>
        {
            if (name == "auditor" && Interlocked.Increment(ref windows) == 100)
                begun.SetResult();
            return false;
        };
        await cluster.StartAsync();
        await begun.Task.WaitAsync(ViewsHost.Patience);
        var partition = Enumerable.Range(0, cluster.Log.PartitionCount).First(one => cluster.Log.Next(one) > 0);
        var holder = (await SiloOf.AuditorsAsync(cluster.Silos[0]))[string.Create(CultureInfo.InvariantCulture, $"account-v1-0001/{partition}")];
        await cluster.StopAsync(cluster.Silos.First(silo => silo.SiloAddress.Equals(holder)));
        Assert.InRange(Volatile.Read(ref windows), 100, Events - 1);
    }

    [Fact]
    public async Task A_document_is_read_once_for_all_who_ask_so_that_a_slow_read_never_comes_over_a_write()
    {
        var storage = new SlowStorage();
        var kept = new KeptDocument<Builds.BuildsDocument>(new GrainDocuments(storage, GrainId.Create("t", "k")), "builds");
        var (first, second) = (kept.LoadAsync(), kept.LoadAsync());
        Assert.Equal(1, storage.Reads);
        storage.Go.SetResult();
        Assert.Same(await first, await second);
        var written = await kept.WriteAsync(new Builds.BuildsDocument { Serving = 2 });
        Assert.Same(written, await kept.LoadAsync());
        kept.Forget();
        await kept.LoadAsync();
        Assert.Equal(2, storage.Reads);
    }

    private sealed class SlowStorage : Orleans.Storage.IGrainStorage
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Reads { get; private set; }

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Reads++;
            return Go.Task;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;
    }
}
