using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>A random workload gives the states of a fold by hand: the same on every engine, whatever happens on the way.</summary>
public abstract class NeutralityContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    private const int Accounts = 60, Writers = 3;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task States_after_a_random_workload_are_those_of_a_fold_by_hand(int seed, bool restart)
    {
        var events = Many(6_000, 2_000);
        Output.WriteLine($"seed {seed}, {events} events");
        var host = await OpenAsync();
        if (restart && !CanRestart(host))
            return;
        var halves = restart ? 2 : 1;
        for (var half = 0; half < halves; half++)
        {
            if (half > 0)
                await host.RestartAsync();
            var from = half;
            await Task.WhenAll(Enumerable.Range(0, Writers)
                .Select(writer => Task.Run(() => WriteAsync(host, new Random(seed * 100 + from * Writers + writer), events / Writers / halves))));
        }
        await NaiveAccounts.MustBeServedAsync(host);
        await EveryHistoryEndsInItsStateAsync(host);

        var dump = await host.DumpAsync();
        await host.Rebuilds.StartAsync("account", 1);
        var build = await BuildSteps.ReadyAsync(host);
        Assert.Equal(0, (await host.Rebuilds.DiffAsync(build.Id, null, 10)).Summary.Differ);
        Assert.True((await host.Rebuilds.PromoteAsync(build.Id, new PromotionGate(0, null))).Promoted);
        await host.CaughtUpAsync();
        Assert.Equal(dump, await host.DumpAsync());
    }

    private static async Task WriteAsync(ViewsHost host, Random random, int events)
    {
        for (var made = 0; made < events;)
        {
            var batch = Enumerable.Range(0, random.Next(1, 40)).Select(_ => Next(random)).ToArray();
            made += batch.Length;
            var receipt = await host.AppendAsync(batch);
            // No writer runs ahead of what it reads.
            await host.ReadAsync(NaiveAccount.KeysOf(batch[^1]).First(), receipt);
        }
    }

    /// <summary>
    /// A fold must commute across partitions for its states to be the same everywhere. Money does; closing an account does only if all of its events
    /// come from one partition, so those that are closed take no part in transfers.
    /// </summary>
    private static object Next(Random random)
    {
        var closing = $"c{random.Next(5)}";
        return random.Next(10) switch
        {
            0 => new Closed(closing),
            1 => new Credited(closing, random.Next(1, 100)),
            < 5 => new Transferred(Key(random), Key(random), random.Next(1, 10_000) / 100m),
            _ => new Credited(Key(random), random.Next(1, 10_000) / 100m, random.Next(4) == 0 ? $"owner{random.Next(9)}" : null),
        };
    }

    /// <summary>A few accounts get most of the events.</summary>
    private static string Key(Random random) => $"a{(int)(Accounts * Math.Pow(random.NextDouble(), 3))}";

    private static async Task EveryHistoryEndsInItsStateAsync(ViewsHost host)
    {
        var end = AsOf.At(LogCuts.EndOf(host.Reader));
        foreach (var item in (await host.Views.KeysAsync("account", "", null, 1_000)).Items)
        {
            var envelope = (await host.ReadAsync(item.Key)).Envelope!;
            var last = Assert.Single((await host.Views.HistoryAsync("account", item.Key, item.Version - 1, 10))!.Items);
            Assert.Equal((envelope.Version, envelope.Position), (last.Version, last.Position));
            Assert.True(last.After.Span.SequenceEqual(envelope.State.Span));
            var then = (await host.Views.ReadAtAsync("account", item.Key, end, ViewsHost.Patience)).Envelope!;
            Assert.True(then.State.Span.SequenceEqual(envelope.State.Span));
        }
    }
}
