using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Tests.Engine;

public sealed class AsOfTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(101, 400)]
    [InlineData(102, 3_000)]
    [InlineData(103, 3_000)]
    [InlineData(104, 12_000)] // its hot key has checkpoints
    public async Task Two_hundred_reads_at_random_times_and_cuts_equal_an_independent_fold(int seed, int events)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var world = new AsOfWorld(random);
        await world.FillAsync(events);
        var said = new Dictionary<string, int>();
        for (var read = 0; read < 100; read++)
        {
            if (read == 50)
                await world.RestartAsync();
            foreach (var at in (AsOf[])[world.RandomTime(), world.RandomCut()])
            {
                var key = world.Keys[random.Next(world.Keys.Length)];
                var result = await world.Harness.Engine.ReadAtAsync("account", key, at, EngineHarness.Patience);
                Assert.Equal(world.CutOf(at), result.Cut);
                Assert.Equal($"{key} {at}: {await world.ExpectedAsync(key, result.Cut!)}", $"{key} {at}: {AsOfWorld.Said(result)}");
                var kind = result.Status == ReadStatus.Found ? $"Found {result.Envelope!.Token.Generation != 0}" : result.Status.ToString();
                said[kind] = said.GetValueOrDefault(kind) + 1;
            }
        }
        output.WriteLine(string.Join(", ", said));
        // Every kind of answer must have come, or this proves less than it says.
        Assert.True(events < 1_000 || said.Count == 4, string.Join(", ", said.Keys));
    }

    [Fact]
    public async Task As_of_the_end_of_the_log_is_what_a_read_gives()
    {
        await using var world = new AsOfWorld(new Random(7));
        await world.FillAsync(500);
        foreach (var key in world.Keys.Where(key => key != "fragile"))
        {
            var (now, then) = (await world.Harness.ReadAsync(key), await world.Harness.Engine.ReadAtAsync("account", key, AsOf.At(LogCuts.EndOf(world.Harness.Log))));
            Assert.Equal(now.Status, then.Status);
            Assert.Equal(AsOfWorld.Said(now), AsOfWorld.Said(then));
            Assert.Equal(now.Envelope?.Token, then.Envelope?.Token);
            Assert.Equal(now.Envelope?.Time, then.Envelope?.Time);
        }
    }

    [Fact]
    public async Task A_deleted_instance_is_there_before_its_deletion_and_after_its_return_only()
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 1), new Closed("a"), new Credited("a", 3));
        await harness.CaughtUpAsync();
        var partition = (await harness.ReadAsync("a")).Envelope!.Position!.Value.Partition;
        var found = new List<string>();
        for (var next = 0; next <= 3; next++)
            found.Add(AsOfWorld.Said(await harness.Engine.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(partition, next)))).Split(' ')[0]);
        Assert.Equal(["NotFound", "1", "NotFound", "3"], found);
        Assert.Equal(ReadStatus.NotFound, (await harness.Engine.ReadAtAsync("account", "nobody", AsOf.At(LogCuts.EndOf(harness.Log)))).Status);
        await Assert.ThrowsAsync<UnknownViewException>(async () => await harness.Engine.ReadAtAsync("nothing", "a", AsOf.At(Cut.Zero)));
    }

    [Fact]
    public async Task Before_its_quarantine_an_instance_is_answered_unmarked_and_past_it_not_at_all()
    {
        await using var harness = new EngineHarness(new AccountView(note => note == "bad"));
        await harness.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4));
        await harness.CaughtUpAsync();
        var quarantined = (await harness.ReadAsync("a")).Envelope!.Quarantined!.Position;
        var before = await harness.Engine.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(quarantined.Partition, quarantined.Sequence)));
        Assert.Equal((ReadStatus.Found, 1L, null), (before.Status, before.Envelope!.Version, before.Envelope.Quarantined));
        var past = await harness.Engine.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(quarantined.Partition, quarantined.Sequence + 1)));
        Assert.Equal((ReadStatus.PastQuarantine, quarantined), (past.Status, past.Envelope!.Quarantined!.Position));
        // Once released, the same moment has an answer.
        await harness.RestartAsync(new AccountView());
        await harness.Engine.RetryAsync("account", "a");
        Assert.Equal(ReadStatus.Found, (await harness.Engine.ReadAtAsync("account", "a", AsOf.At(past.Cut!))).Status);
    }

    [Theory]
    [InlineData("2027-01-01T00:00:00Z", "GET", "not known yet")]
    [InlineData("0:99", "GET /log", "ends before 0:")]
    [InlineData("7:1", "GET /log", "partitions 0 to 3")]
    public async Task A_moment_that_has_not_been_says_so_and_what_to_do(string text, string remedy, string reason)
    {
        await using var harness = new EngineHarness(new Log.ManualTime());
        await harness.AppendAsync(new Credited("a", 1));
        var at = AsOf.Parse(text, out _)!;
        var refused = await Assert.ThrowsAsync<InvalidAsOfException>(async () => await harness.Engine.ReadAtAsync("account", "a", at));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy == "GET" ? "Leave at out" : remedy, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_to_come_is_past_once_every_partition_has_a_later_event()
    {
        var time = new Log.ManualTime();
        await using var harness = new EngineHarness(time);
        time.Now = Log.ManualTime.Start.AddDays(1);
        await harness.AppendAsync([.. Enumerable.Range(0, 40).Select(i => new Credited($"a{i}", 1))]);
        time.Now = Log.ManualTime.Start;
        var at = AsOf.At(time.Now.AddHours(1));
        Assert.Equal(Cut.Zero, (await harness.Engine.ReadAtAsync("account", "a1", at)).Cut);
        await Assert.ThrowsAsync<InvalidAsOfException>(async () => await harness.Engine.ReadAtAsync("account", "a1", AsOf.At(time.Now.AddDays(1))));
    }

    [Fact]
    public async Task A_view_that_has_not_reached_the_cut_is_waited_for_and_says_not_yet_at_the_deadline()
    {
        using var gate = new ManualResetEventSlim();
        await using var harness = new EngineHarness(new AccountView(_ => !gate.Wait(EngineHarness.Patience)));
        await harness.AppendAsync(new Credited("a", 1));
        var end = AsOf.At(LogCuts.EndOf(harness.Log));
        Assert.Equal(ReadStatus.NotYet, (await harness.Engine.ReadAtAsync("account", "a", end, TimeSpan.FromMilliseconds(20))).Status);
        Assert.Equal(ReadStatus.NotYet, (await harness.Engine.ReadAtAsync("account", "a", end)).Status);
        var waiting = harness.Engine.ReadAtAsync("account", "a", end, EngineHarness.Patience);
        gate.Set();
        Assert.Equal(ReadStatus.Found, (await waiting).Status);
    }

    [Fact]
    public async Task The_token_resumes_a_watch_there_or_if_the_instance_never_was_in_that_state_with_a_reset()
    {
        await using var harness = new EngineHarness(AsOfWorld.View());
        for (var i = 0; i < 12; i++)
            await harness.AppendAsync(new Credited($"hot/{i}", 1));
        await harness.CaughtUpAsync();
        var history = (await harness.Engine.HistoryAsync("account", "hot", 0, 100))!.Items;
        var prefix = history.Take(5).Aggregate(Cut.Zero, (cut, item) => cut.With(item.Position.Partition, item.Position.Sequence + 1));
        var was = (await harness.Engine.ReadAtAsync("account", "hot", AsOf.At(prefix))).Envelope!;
        Assert.Equal(5, was.Version);
        var watch = harness.Engine.WatchAsync("account", "hot", was.Token, WatchMode.Every);
        Assert.Equal([6L, 7L, 8L], await watch.Take(3).Select(envelope => envelope.Version).ToListAsync());

        var first = history[0].Position;
        var other = history.First(item => item.Position.Partition != first.Partition).Position;
        var never = (await harness.Engine.ReadAtAsync("account", "hot", AsOf.At(Cut.Zero.With(other.Partition, other.Sequence + 1)))).Envelope!;
        Assert.Equal(1, never.Version);
        var snapshot = await harness.Engine.WatchAsync("account", "hot", never.Token, WatchMode.Every).FirstAsync();
        Assert.Equal((12L, true), (snapshot.Version, snapshot.Reset));
    }

    [Fact]
    public async Task A_late_event_takes_its_place_between_two_answers_and_never_within_one()
    {
        var mended = false;
        await using var harness = new EngineHarness(new AccountView(key: e => e.Note == "late" && !Volatile.Read(ref mended) ? throw new InvalidOperationException("no key") : e.Account));
        for (var i = 0; i < 300; i++)
            await harness.AppendAsync(new Credited("a", 1, i == 10 ? "late" : null));
        await harness.CaughtUpAsync();
        var cut = Cut.Zero.With((await harness.ReadAsync("a")).Envelope!.Position!.Value.Partition, 200);
        using var seen = new SemaphoreSlim(0);
        var reading = Task.Run(async () =>
        {
            var versions = new List<long>();
            while (versions.Count(version => version == 200) < 3)
            {
                var envelope = (await harness.Engine.ReadAtAsync("account", "a", AsOf.At(cut))).Envelope!;
                Assert.Contains($"\"balance\":{envelope.Version},", System.Text.Encoding.UTF8.GetString(envelope.State.Span), StringComparison.Ordinal);
                versions.Add(envelope.Version);
                seen.Release();
            }
            return versions;
        });
        await seen.WaitAsync(EngineHarness.Patience);
        Volatile.Write(ref mended, true);
        var held = Assert.Single((await harness.Engine.QuarantineAsync(null, 10)).Items);
        Assert.Equal(RetryStatus.Released, (await harness.Engine.RetryAsync("account", held.Position)).Status);
        var versions = await reading.WaitAsync(EngineHarness.Patience);
        Assert.Equal([199L, 200L], versions.Distinct());
    }

    [Fact]
    public async Task What_needs_retired_events_says_so_and_what_a_checkpoint_covers_is_answered()
    {
        await using var harness = new EngineHarness(new Log.ManualTime());
        for (var i = 0; i < 100; i++)
            await harness.AppendAsync([.. Enumerable.Range(0, 50).Select(_ => new Credited("a", 1))]);
        await harness.CaughtUpAsync();
        await harness.Engine.DisposeAsync();
        var partition = Enumerable.Range(0, 4).Single(p => harness.Log.Next(p) > 0);
        var retired = new RetiredLog(harness.Log, 4_096);
        await using var engine = Kappa.Engine.ViewEngine.Open(retired, harness.Types, [new AccountView()], "/views", harness.Options, harness.Disk);
        Assert.Equal(4_500, (await engine.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(partition, 4_500)))).Envelope!.Version);
        var refused = await Assert.ThrowsAsync<LogRetiredException>(async () => await engine.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(partition, 4_000))));
        Assert.Contains($"{partition}:4096", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LogRetiredException>(async () => await engine.HistoryAsync("account", "a", 0, 10));
        Assert.Equal(4_097, (await engine.HistoryAsync("account", "a", 4_096, 1))!.Items.Single().Version);
        await Assert.ThrowsAsync<LogRetiredException>(async () => await engine.ReadAtAsync("account", "a", AsOf.At(Log.ManualTime.Start.AddTicks(-1))));
    }

    /// <summary>Passes a log on without its first events.</summary>
    private sealed class RetiredLog(MemoryLog log, long first) : ILogReader
    {
        public long LogId => log.LogId;
        public int PartitionCount => log.PartitionCount;
        public long First(int partition) => Math.Min(first, log.Next(partition));
        public long Next(int partition) => log.Next(partition);
        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => log.WaitAsync(partition, sequence, cancellationToken);

        public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(from, First(partition));
            return log.ReadAsync(partition, from, bytesMax, cancellationToken);
        }
    }
}
