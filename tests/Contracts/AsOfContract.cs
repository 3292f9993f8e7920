using System.Text;
using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Reads as of any time or cut, however long ago.</summary>
public abstract class AsOfContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task A_deleted_instance_is_there_before_its_deletion_and_after_its_return_only()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("a", 1), new Closed("a"), new Credited("a", 3));
        await host.CaughtUpAsync();
        var partition = (await host.ReadAsync("a")).Envelope!.Position!.Value.Partition;
        var found = new List<string>();
        for (var next = 0; next <= 3; next++)
            found.Add(AsOfWorld.Said(await host.Views.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(partition, next)))).Split(' ')[0]);
        Assert.Equal(["NotFound", "1", "NotFound", "3"], found);
        Assert.Equal(ReadStatus.NotFound, (await host.Views.ReadAtAsync("account", "nobody", AsOf.At(LogCuts.EndOf(host.Reader)))).Status);
        await Assert.ThrowsAsync<UnknownViewException>(async () => await host.Views.ReadAtAsync("nothing", "a", AsOf.At(Cut.Zero)));
    }

    [Fact]
    public async Task Before_its_quarantine_an_instance_is_answered_unmarked_and_past_it_not_at_all()
    {
        var fault = new Fault("bad");
        var host = await OpenAsync(new AccountView(fault.IsIn));
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4));
        await host.CaughtUpAsync();
        var quarantined = (await host.ReadAsync("a")).Envelope!.Quarantined!.Position;
        var before = await host.Views.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(quarantined.Partition, quarantined.Sequence)));
        Assert.Equal((ReadStatus.Found, 1L, null), (before.Status, before.Envelope!.Version, before.Envelope.Quarantined));
        var past = await host.Views.ReadAtAsync("account", "a", AsOf.At(Cut.Zero.With(quarantined.Partition, quarantined.Sequence + 1)));
        Assert.Equal((ReadStatus.PastQuarantine, quarantined), (past.Status, past.Envelope!.Quarantined!.Position));
        // Once released, the same moment has an answer.
        fault.Mend();
        await host.Views.RetryAsync("account", "a");
        Assert.Equal(ReadStatus.Found, (await host.Views.ReadAtAsync("account", "a", AsOf.At(past.Cut!))).Status);
    }

    [Theory]
    [InlineData("2027-01-01T00:00:00Z", "GET", "not known yet")]
    [InlineData("0:99", "GET /log", "ends before 0:")]
    [InlineData("7:1", "GET /log", "partitions 0 to 3")]
    public async Task A_moment_that_has_not_been_says_so_and_what_to_do(string text, string remedy, string reason)
    {
        var host = await OpenAsync(new ViewsHostSettings { Time = new ManualTime() });
        await host.AppendAsync(new Credited("a", 1));
        var at = AsOf.Parse(text, out _)!;
        var refused = await Assert.ThrowsAsync<InvalidAsOfException>(async () => await host.Views.ReadAtAsync("account", "a", at));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy == "GET" ? "Leave at out" : remedy, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_to_come_is_past_once_every_partition_has_a_later_event()
    {
        var time = new ManualTime();
        var host = await OpenAsync(new ViewsHostSettings { Time = time });
        time.Now = ManualTime.Start.AddDays(1);
        await host.AppendAsync([.. Enumerable.Range(0, 40).Select(i => new Credited($"a{i}", 1))]);
        time.Now = ManualTime.Start;
        var at = AsOf.At(time.Now.AddHours(1));
        Assert.Equal(Cut.Zero, (await host.Views.ReadAtAsync("account", "a1", at)).Cut);
        await Assert.ThrowsAsync<InvalidAsOfException>(async () => await host.Views.ReadAtAsync("account", "a1", AsOf.At(time.Now.AddDays(1))));
    }

    [Fact]
    public async Task A_view_that_has_not_reached_the_cut_is_waited_for_and_says_not_yet_at_the_deadline()
    {
        using var gate = new ManualResetEventSlim();
        await using var host = await OpenAsync(new AccountView(_ => !gate.Wait(ViewsHost.Patience)));
        await host.AppendAsync(new Credited("a", 1));
        var end = AsOf.At(LogCuts.EndOf(host.Reader));
        Assert.Equal(ReadStatus.NotYet, (await host.Views.ReadAtAsync("account", "a", end, TimeSpan.FromMilliseconds(20))).Status);
        Assert.Equal(ReadStatus.NotYet, (await host.Views.ReadAtAsync("account", "a", end)).Status);
        var waiting = host.Views.ReadAtAsync("account", "a", end, ViewsHost.Patience);
        gate.Set();
        Assert.Equal(ReadStatus.Found, (await waiting).Status);
    }

    [Fact]
    public async Task The_token_resumes_a_watch_there_or_if_the_instance_never_was_in_that_state_with_a_reset()
    {
        var host = await OpenAsync(AsOfWorld.View());
        for (var i = 0; i < 12; i++)
            await host.AppendAsync(new Credited($"hot/{i}", 1));
        await host.CaughtUpAsync();
        var history = (await host.Views.HistoryAsync("account", "hot", 0, 100))!.Items;
        var prefix = history.Take(5).Aggregate(Cut.Zero, (cut, item) => cut.With(item.Position.Partition, item.Position.Sequence + 1));
        var was = (await host.Views.ReadAtAsync("account", "hot", AsOf.At(prefix))).Envelope!;
        Assert.Equal(5, was.Version);
        var watch = host.Views.WatchAsync("account", "hot", was.Token, WatchMode.Every);
        Assert.Equal([6L, 7L, 8L], await watch.Take(3).Select(envelope => envelope.Version).ToListAsync().AsTask().WaitAsync(ViewsHost.Patience));

        var first = history[0].Position;
        var other = history.First(item => item.Position.Partition != first.Partition).Position;
        var never = (await host.Views.ReadAtAsync("account", "hot", AsOf.At(Cut.Zero.With(other.Partition, other.Sequence + 1)))).Envelope!;
        Assert.Equal(1, never.Version);
        var snapshot = await host.Views.WatchAsync("account", "hot", never.Token, WatchMode.Every).FirstAsync().AsTask().WaitAsync(ViewsHost.Patience);
        Assert.Equal((12L, true), (snapshot.Version, snapshot.Reset));
    }

    [Fact]
    public async Task A_late_event_takes_its_place_between_two_answers_and_never_within_one()
    {
        var fault = new Fault("late");
        var host = await OpenAsync(new AccountView(key: fault.Key));
        for (var i = 0; i < 300; i++)
            await host.AppendAsync(new Credited("a", 1, i == 10 ? "late" : null));
        await host.CaughtUpAsync();
        var cut = Cut.Zero.With((await host.ReadAsync("a")).Envelope!.Position!.Value.Partition, 200);
        using var seen = new SemaphoreSlim(0);
        var reading = Task.Run(async () =>
        {
            var versions = new List<long>();
            while (versions.Count(version => version == 200) < 3)
            {
                var envelope = (await host.Views.ReadAtAsync("account", "a", AsOf.At(cut))).Envelope!;
                Assert.Contains($"\"balance\":{envelope.Version},", Encoding.UTF8.GetString(envelope.State.Span), StringComparison.Ordinal);
                versions.Add(envelope.Version);
                seen.Release();
            }
            return versions;
        });
        await seen.WaitAsync(ViewsHost.Patience);
        fault.Mend();
        var held = Assert.Single((await host.Views.QuarantineAsync(null, 10)).Items);
        Assert.Equal(RetryStatus.Released, (await host.Views.RetryAsync("account", held.Position)).Status);
        var versions = await reading.WaitAsync(ViewsHost.Patience);
        Assert.Equal([199L, 200L], versions.Distinct());
    }
}
