using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>Grain storage that fails for a while: nothing is lost, nothing is shown that was not written, and it goes on by itself.</summary>
public sealed class StorageOutageTests
{
    private const int Accounts = 8, Failures = 60;

    [Theory]
    [InlineData("")]
    [InlineData("instance")]
    [InlineData("auditor")]
    [InlineData("journal")]
    public async Task What_comes_while_storage_is_away_is_not_shown_before_it_is_back_and_then_nothing_is_missing(string documents)
    {
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()], options => options.WriteBehind = TimeSpan.FromMilliseconds(50));
        var load = new AccountLoad(host, Accounts);
        for (var round = 0; round < 10; round++)
            await load.OnceAsync(round);
        await host.CaughtUpAsync();
        var before = load.Appended[1];
        using var stop = new CancellationTokenSource(ViewsHost.Patience);
        var watcher = new AccountWatcher(AccountLoad.KeyOf(1), WatchMode.Every);
        var watching = Task.Run(() => watcher.UntilAsync(host.Views, () => load.Last(1), () => 1, stop.Token));

        var failed = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Cluster.Storage.Fails = name =>
        {
            if (!name.StartsWith(documents, StringComparison.Ordinal))
                return false;
            if (Interlocked.Increment(ref failed) == Failures)
                enough.TrySetResult();
            return true;
        };
        var without = await host.AppendAsync([.. Enumerable.Range(0, Accounts).Select(account => new Credited(AccountLoad.KeyOf(account), 1, $"owner{account}"))]);
        while (!enough.Task.IsCompleted)
        {
            var shown = await ReadOrFailAsync(host);
            // The documents of instances alone say what may be shown.
            if (documents is "" or "instance")
                Assert.True(shown <= before && watcher.Version <= before, $"version {Math.Max(shown, watcher.Version)} was shown, but {before} was written last");
            stop.Token.ThrowIfCancellationRequested();
        }
        host.Cluster.Storage.Fails = null;

        Assert.Equal(before + 1, (await host.ReadAsync(AccountLoad.KeyOf(1), without)).Envelope!.Version);
        load.Note();
        await load.EndAsync();
        await watching;
        Assert.Equal(load.Appended[1], watcher.Version);
        await NaiveAccounts.MustBeServedAsync(host);
    }

    [Fact]
    public async Task Storage_that_fails_now_and_then_before_and_after_the_deed_loses_nothing()
    {
        const int seed = 5;
        await using var host = await GrainsCluster.StartAsync(new ViewsHostSettings(), [new AccountView()], options =>
        {
            options.WriteBehind = TimeSpan.FromMilliseconds(50);
            options.IndexShards = 2;
        });
        var load = new AccountLoad(host, Accounts);
        await load.OnceAsync(0);
        var random = new Random(seed);
        bool Now()
        {
            lock (random)
                return random.Next(20) == 0;
        }
        host.Cluster.Storage.Fails = _ => Now();
        host.Cluster.Storage.FailsAfter = _ => Now();
        for (var round = 0; round < 150; round++)
            await host.AppendAsync([.. Enumerable.Range(0, 30).Select(n => new Credited($"b{random.Next(60)}", n, $"owner{random.Next(5)}"))]);
        Assert.NotEqual(ReadStatus.NotYet, await ReachedAsync(host));
        (host.Cluster.Storage.Fails, host.Cluster.Storage.FailsAfter) = (null, null);
        await NaiveAccounts.MustBeServedAsync(host);
    }

    private static async Task<long> ReadOrFailAsync(GrainsCluster host)
    {
        try
        {
            return (await host.Views.ReadAsync("account", AccountLoad.KeyOf(1))).Envelope?.Version ?? 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Reads with all that was appended until storage lets one pass.</summary>
    private static async Task<ReadStatus> ReachedAsync(GrainsCluster host)
    {
        using var patience = new CancellationTokenSource(ViewsHost.Patience);
        var end = new Receipt(LogCuts.EndOf(host.Reader));
        while (true)
            try
            {
                return (await host.Views.ReadAsync("account", "b1", end, ViewsHost.Patience)).Status;
            }
            catch (IOException) when (!patience.IsCancellationRequested)
            {
                continue;
            }
    }
}
