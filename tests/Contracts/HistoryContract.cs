using System.Globalization;
using System.Text;
using System.Text.Json;
using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Explain, and reads as of any moment.</summary>
public abstract class HistoryContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task Explain_gives_each_event_with_the_state_before_and_after()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("a", 1), new Closed("a"), new Credited("a", 3));
        await host.CaughtUpAsync();
        var history = (await host.Views.HistoryAsync("account", "a", 0, 10))!;
        Assert.Equal([1L, 2L, 3L], history.Items.Select(item => item.Version));
        Assert.True(history.Items[0].Before.IsEmpty);
        Assert.Equal("""{"id":"a","balance":1,"events":1,"last":[1],"owner":null}""", Encoding.UTF8.GetString(history.Items[0].After.Span));
        Assert.True(history.Items[0].After.Span.SequenceEqual(history.Items[1].Before.Span));
        Assert.True(history.Items[1].After.IsEmpty);
        Assert.Null(history.Next);
        Assert.Equal("2", (await host.Views.HistoryAsync("account", "a", 1, 1))!.Next);
        Assert.Null(await host.Views.HistoryAsync("account", "nobody", 0, 10));
    }

    [Fact]
    public async Task A_long_history_is_explained_from_any_version_across_chunks_and_checkpoints()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        for (var i = 0; i < Many(100, 10); i++)
            await host.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => new Credited("a", 1))]);
        await host.CaughtUpAsync();
        await host.RestartAsync();
        foreach (var after in new long[] { 0, 63, 64, 4_095, 4_096, 4_097, 8_200, 9_998 }.Where(after => after < Many(10_000, 1_000)))
        {
            var item = (await host.Views.HistoryAsync("account", "a", after, 1))!.Items.Single();
            Assert.Equal(after + 1, item.Version);
            Assert.Equal(after, item.Position.Sequence);
            Assert.Contains($"\"balance\":{after + 1},", Encoding.UTF8.GetString(item.After.Span), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_step_of_an_instance_fed_by_several_partitions_is_that_of_a_fold_by_hand()
    {
        var host = await OpenAsync(AsOfWorld.View());
        for (var i = 0; i < 20; i++)
            await host.AppendAsync([.. Enumerable.Range(0, 10).Select(n => new Credited($"a/{n}", i)), new Transferred("b", "a", i / 10m), new Transferred("a", "b", 1)]);
        await host.CaughtUpAsync();
        var records = (await NaiveAccounts.ReadAsync(host)).ToDictionary(one => one.Position, one => one.Record);
        NaiveAccount? state = null;
        var (before, seen) = ("", new HashSet<Position>());
        for (var after = "0"; after is not null;)
        {
            var page = (await host.Views.HistoryAsync("account", "a", long.Parse(after, CultureInfo.InvariantCulture), 23))!;
            foreach (var item in page.Items)
            {
                Assert.True(seen.Add(item.Position));
                state = NaiveAccount.Fold(state, records[item.Position], "a");
                Assert.Equal((seen.Count, before), (item.Version, Encoding.UTF8.GetString(item.Before.Span)));
                before = Encoding.UTF8.GetString(item.After.Span);
                Assert.Equal(state!.ToJson("a"), before);
                using var json = JsonDocument.Parse(item.Event);
                Assert.Equal(records[item.Position] is Credited ? "account.credited" : "account.transferred", json.RootElement.GetProperty("type").GetString());
            }
            after = page.Next;
        }
        Assert.Equal(240, seen.Count);
        Assert.Equal(await host.StateAsync("a"), before);
    }
}
