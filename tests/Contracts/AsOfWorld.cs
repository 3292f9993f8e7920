using System.Globalization;
using System.Text;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Contracts;

/// <summary>
/// A random log of accounts, fed by all partitions, with deletions and quarantines; and what every read as of a cut must give, by
/// a fold of its own that shares nothing with the engine but the order in which an instance says it applied its events.
/// </summary>
internal sealed class AsOfWorld(ViewsHost host, ManualTime time, Random random)
{
    private List<(Position Position, long Ticks, object Record)> _log = [];
    private Dictionary<Position, (long Ticks, object Record)> _byPosition = [];
    private int _made;

    public static string[] Keys { get; } = ["hot", "warm", "cold", "fragile", "closing", "absent"];

    /// <summary>Accounts are named after their key, as in <c>hot/17</c>: one key gets events of many partitions.</summary>
    public static AccountView View() => new(note => note == "bad", key: e => e.Account.Split('/')[0]);

    public async Task FillAsync(int events)
    {
        while (_made < events)
        {
            await host.AppendAsync([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => Next())]);
            time.Now = time.Now.AddTicks(random.Next(0, 3));
            // Commits of few events make other chunks than commits of many.
            if (random.Next(40) == 0)
                await host.CaughtUpAsync();
        }
        await host.CaughtUpAsync();
        // What is asked is the past.
        time.Now = time.Now.AddTicks(1);
        _log = await NaiveAccounts.ReadAsync(host);
        _byPosition = _log.ToDictionary(one => one.Position, one => (one.Ticks, one.Record));
    }

    public AsOf RandomTime() => AsOf.At(new DateTimeOffset(random.NextInt64(_log.Min(one => one.Ticks) - 1, _log.Max(one => one.Ticks) + 2), TimeSpan.Zero));

    public AsOf RandomCut()
    {
        var end = LogCuts.EndOf(host.Reader);
        return AsOf.At(new Cut([.. Enumerable.Range(0, end.PartitionCount).Select(p => random.Next(6) switch
        {
            0 => 0,
            1 => end[p],
            _ => random.NextInt64(end[p] + 1),
        })]));
    }

    public Cut CutOf(AsOf at) => at.Cut ?? new Cut([.. Enumerable.Range(0, host.Reader.PartitionCount)
        .Select(p => (long)_log.Count(one => one.Position.Partition == p && one.Ticks <= at.Time!.Value.UtcTicks))]);

    /// <summary>What a read of this key as of a cut must say, as text.</summary>
    public async Task<string> ExpectedAsync(string key, Cut cut)
    {
        var order = await AppliedAsync(key);
        var routed = _log.Where(one => NaiveAccount.KeysOf(one.Record).Contains(key)).Select(one => one.Position).ToHashSet();
        Assert.True(routed.IsSupersetOf(order));
        routed.ExceptWith(order);
        if (routed.Any(cut.Contains))
            return nameof(ReadStatus.PastQuarantine);
        var inside = order.Where(cut.Contains).ToList();
        NaiveAccount? state = null;
        foreach (var position in inside)
            state = NaiveAccount.Fold(state, _byPosition[position].Record, key);
        if (state is null)
            return nameof(ReadStatus.NotFound);
        var isVersion = order.Take(inside.Count).SequenceEqual(inside);
        return $"{inside.Count} {isVersion} {inside[^1]} {_byPosition[inside[^1]].Ticks} {state.ToJson(key)}";
    }

    /// <summary>What the engine said, as text.</summary>
    public static string Said(ReadResult result) => result.Status != ReadStatus.Found ? result.Status.ToString()
        : $"{result.Envelope!.Version} {result.Envelope.Token.Generation != 0} {result.Envelope.Position} {result.Envelope.Appended!.Value.UtcTicks} {Encoding.UTF8.GetString(result.Envelope.State.Span)}";

    private object Next()
    {
        _made++;
        var key = random.Next(100) switch { < 80 => "hot", < 90 => "warm", < 93 => "fragile", < 96 => "closing", _ => "cold" };
        return random.Next(100) switch
        {
            < 5 => new Transferred(key, Keys[random.Next(3)], random.Next(1, 100)),
            < 15 when key == "closing" => new Closed(key),
            < 20 when key == "fragile" && _made > 500 => new Credited($"{key}/{random.Next(30)}", 1, "bad"),
            _ => new Credited($"{key}/{random.Next(30)}", random.Next(1, 100), random.Next(5) == 0 ? $"owner {random.Next(9)}" : null),
        };
    }

    private async Task<List<Position>> AppliedAsync(string key)
    {
        var order = new List<Position>();
        for (var after = "0"; after is not null;)
        {
            if (await host.Views.HistoryAsync("account", key, long.Parse(after, CultureInfo.InvariantCulture), 1_000) is not { } page)
                return order;
            order.AddRange(page.Items.Select(item => item.Position));
            after = page.Next;
        }
        return order;
    }
}
