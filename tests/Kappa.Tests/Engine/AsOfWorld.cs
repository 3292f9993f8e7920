using System.Globalization;
using System.Text;
using Kappa.Contracts;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Log;
using Kappa.Views;

namespace Kappa.Tests.Engine;

/// <summary>
/// A random log of accounts, fed by all partitions, with deletions and quarantines; and what every read as of a cut must give, by
/// a fold of its own that shares nothing with the engine but the order in which an instance says it applied its events.
/// </summary>
internal sealed class AsOfWorld(Random random) : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly Dictionary<string, object> _records = [];
    private readonly List<(Position Position, long Ticks, object Record)> _log = [];
    private EngineHarness? _harness;

    public string[] Keys { get; } = ["hot", "warm", "cold", "fragile", "closing", "absent"];
    public EngineHarness Harness => _harness ??= new EngineHarness(_time, View());
    public long FirstTicks => _log.Min(one => one.Ticks);
    public long LastTicks => _log.Max(one => one.Ticks);

    /// <summary>Accounts are named after their key, as in <c>hot/17</c>: one key gets events of many partitions.</summary>
    public static AccountView View() => new(note => note == "bad", key: e => e.Account.Split('/')[0]);

    public async Task FillAsync(int events)
    {
        for (var made = 0; made < events;)
        {
            var batch = Enumerable.Range(0, random.Next(1, 60)).Select(_ => Next()).ToArray();
            made += batch.Length;
            foreach (var record in batch)
                _records.Add($"e{_records.Count + 1}", record);
            await Harness.AppendAsync(batch);
            _time.Now = _time.Now.AddTicks(random.Next(0, 3));
            // Commits of few events make other chunks than commits of many.
            if (random.Next(40) == 0)
                await Harness.CaughtUpAsync();
        }
        await Harness.CaughtUpAsync();
        // What is asked is the past.
        _time.Now = _time.Now.AddTicks(1);
        await ReadLogAsync();
    }

    public Task RestartAsync() => Harness.RestartAsync(View());

    public AsOf RandomTime() => AsOf.At(new DateTimeOffset(random.NextInt64(FirstTicks - 1, LastTicks + 2), TimeSpan.Zero));

    public AsOf RandomCut()
    {
        var end = LogCuts.EndOf(Harness.Log);
        return AsOf.At(new Cut([.. Enumerable.Range(0, end.PartitionCount).Select(p => random.Next(6) switch
        {
            0 => 0,
            1 => end[p],
            _ => random.NextInt64(end[p] + 1),
        })]));
    }

    public Cut CutOf(AsOf at) => at.Cut ?? new Cut([.. Enumerable.Range(0, Harness.Log.PartitionCount)
        .Select(p => (long)_log.Count(one => one.Position.Partition == p && one.Ticks <= at.Time!.Value.UtcTicks))]);

    /// <summary>What a read of this key as of a cut must say, as text.</summary>
    public async Task<string> ExpectedAsync(string key, Cut cut)
    {
        var order = await HistoryAsync(key);
        var routed = _log.Where(one => KeysOf(one.Record).Contains(key)).Select(one => one.Position).ToHashSet();
        Assert.True(routed.IsSupersetOf(order));
        routed.ExceptWith(order);
        if (routed.Any(cut.Contains))
            return nameof(ReadStatus.PastQuarantine);
        var byPosition = _log.ToDictionary(one => one.Position);
        var inside = order.Where(cut.Contains).ToList();
        Money? state = null;
        foreach (var position in inside)
            state = Fold(state, byPosition[position].Record, key);
        if (state is null)
            return nameof(ReadStatus.NotFound);
        var isVersion = order.Take(inside.Count).SequenceEqual(inside);
        return $"{inside.Count} {isVersion} {inside[^1]} {byPosition[inside[^1]].Ticks} {state.ToString(key)}";
    }

    /// <summary>What the engine said, as text.</summary>
    public static string Said(ReadResult result) => result.Status != ReadStatus.Found ? result.Status.ToString()
        : $"{result.Envelope!.Version} {result.Envelope.Token.Generation != 0} {result.Envelope.Position} {result.Envelope.Appended!.Value.UtcTicks} {Encoding.UTF8.GetString(result.Envelope.State.Span)}";

    public ValueTask DisposeAsync() => Harness.DisposeAsync();

    private object Next()
    {
        var key = random.Next(100) switch { < 80 => "hot", < 90 => "warm", < 93 => "fragile", < 96 => "closing", _ => "cold" };
        return random.Next(100) switch
        {
            < 5 => new Transferred(key, Keys[random.Next(3)], random.Next(1, 100)),
            < 15 when key == "closing" => new Closed(key),
            < 20 when key == "fragile" && _records.Count > 500 => new Credited($"{key}/{random.Next(30)}", 1, "bad"),
            _ => new Credited($"{key}/{random.Next(30)}", random.Next(1, 100), random.Next(5) == 0 ? $"owner {random.Next(9)}" : null),
        };
    }

    private async Task ReadLogAsync()
    {
        for (var partition = 0; partition < Harness.Log.PartitionCount; partition++)
            _log.AddRange(await Harness.Log.ReadAllAsync(partition, recorded => (recorded.Position, recorded.AppendedTicks, _records[recorded.IdText()])));
    }

    private async Task<List<Position>> HistoryAsync(string key)
    {
        var order = new List<Position>();
        for (var after = 0L; ;)
        {
            if (await Harness.Engine.HistoryAsync("account", key, after, 1_000) is not { } page)
                return order;
            order.AddRange(page.Items.Select(item => item.Position));
            if (page.Next is null)
                return order;
            after = long.Parse(page.Next, CultureInfo.InvariantCulture);
        }
    }

    private static string[] KeysOf(object record) => record switch
    {
        Credited e => [e.Account.Split('/')[0]],
        Transferred e => [e.From, e.To],
        Closed e => [e.Account],
        _ => [],
    };

    private static Money? Fold(Money? state, object record, string key)
    {
        state ??= new Money(0, 0, [], null);
        return record switch
        {
            Credited e => new Money(state.Balance + e.Amount, state.Events + 1, [.. state.Last.Append(e.Amount).TakeLast(3)], e.Note ?? state.Owner),
            Transferred e => state with { Balance = state.Balance + (key == e.From ? -e.Amount : e.Amount), Events = state.Events + 1 },
            _ => null,
        };
    }

    private sealed record Money(decimal Balance, int Events, decimal[] Last, string? Owner)
    {
        public string ToString(string key) => string.Create(CultureInfo.InvariantCulture,
            $$"""{"id":"{{key}}","balance":{{Balance}},"events":{{Events}},"last":[{{string.Join(',', Last)}}],"owner":{{(Owner is null ? "null" : $"\"{Owner}\"")}}}""");
    }
}
