using System.Text.Json;
using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Reads of several instances and views as of one cut belong together.</summary>
public abstract class ConsistentCutContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    private const int Accounts = 20;

    [Fact]
    public async Task The_sum_over_all_accounts_is_the_same_at_any_cut_while_money_moves()
    {
        const int seed = 21;
        Output.WriteLine($"seed {seed}");
        var host = await OpenAsync(new AccountView(), new AccountView(name: "other"));
        await host.AppendAsync([.. Enumerable.Range(0, Accounts).Select(i => new Credited($"a{i}", 1_000))]);
        var start = LogCuts.EndOf(host.Reader);
        using var stop = new CancellationTokenSource();
        var moving = Enumerable.Range(0, 3).Select(writer => Task.Run(() => MoveAsync(host, new Random(seed + writer), stop.Token))).ToArray();
        var (random, seen) = (new Random(seed), new HashSet<string>());
        for (var round = 0; round < 20; round++)
        {
            var end = LogCuts.EndOf(host.Reader);
            // The cut of this moment, and one that no moment ever had: any cut will do, since a transfer is one event.
            foreach (var cut in (Cut[])[end, new Cut([.. Enumerable.Range(0, end.PartitionCount).Select(p => random.NextInt64(start[p], end[p] + 1))])])
            {
                Assert.Equal(Accounts * 1_000, await SumAsync(host, "account", cut));
                Assert.Equal(Accounts * 1_000, await SumAsync(host, "other", cut));
                seen.Add(cut.ToString());
            }
        }
        await stop.CancelAsync();
        await Task.WhenAll(moving);
        Assert.True(seen.Count > 20, $"{seen.Count} cuts");
    }

    private static async Task MoveAsync(ViewsHost host, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var from = random.Next(Accounts);
            var receipt = await host.AppendAsync(new Transferred($"a{from}", $"a{(from + random.Next(1, Accounts)) % Accounts}", random.Next(1, 50)));
            // A log in memory takes events faster than any view folds them; no writer runs ahead of what it reads.
            foreach (var view in (string[])["account", "other"])
                await host.ReadAsync($"a{from}", receipt, view);
        }
    }

    private static async Task<decimal> SumAsync(ViewsHost host, string view, Cut cut)
    {
        var sum = 0m;
        for (var i = 0; i < Accounts; i++)
        {
            var result = await host.Views.ReadAtAsync(view, $"a{i}", AsOf.At(cut), ViewsHost.Patience);
            Assert.Equal(ReadStatus.Found, result.Status);
            using var state = JsonDocument.Parse(result.Envelope!.State);
            sum += state.RootElement.GetProperty("balance").GetDecimal();
        }
        return sum;
    }
}
