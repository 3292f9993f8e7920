using Azure.Messaging.EventHubs;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Tests.Log;

namespace Kappa.Tests.EventHubs;

/// <summary>Where a partition ends: following it, and asking.</summary>
public sealed class HubFollowingTests
{
    [Fact]
    public async Task A_partition_is_followed_where_nothing_stands_yet_and_where_nothing_is_left()
    {
        var hub = new TestHub();
        await using (var log = await hub.LogAsync())
            for (var i = 0; i < 10; i++)
                await AppearsAsync(hub, log, i);
        // The one before the next is gone, and nothing has come since.
        hub[0].Trim(10);
        await using (var log = await hub.LogAsync())
            await AppearsAsync(hub, log, 10);
        hub[0].Trim(5);
        await using var other = await hub.LogAsync();
        await AppearsAsync(hub, other, 11);

        static async Task AppearsAsync(TestHub hub, EventHubLog log, int sequence)
        {
            var wait = log.WaitAsync(0, sequence).AsTask();
            Assert.False(wait.IsCompleted);
            Assert.True(await OpenHub.IsSoonAsync(() => hub[0].Readers + hub[0].Refused > 0));
            Assert.Equal(0, hub[0].Refused);
            await log.AppendAsync(("a", $"{sequence}"));
            await wait.WaitAsync(OpenHub.Patience);
            using var page = await log.ReadAsync(0, sequence, 1);
            Assert.Equal($"{sequence}", page.Events[0].IdText());
            Assert.Empty(log.Problems);
        }
    }

    [Fact]
    public async Task What_could_not_be_followed_is_no_problem_once_nobody_asks()
    {
        var hub = new TestHub { BeforeReceive = _ => throw new UnauthorizedAccessException("No right to listen.") };
        await using var log = await hub.LogAsync(OpenHub.Quick with { IdleAfter = TimeSpan.FromMilliseconds(1) });
        using var leaving = new CancellationTokenSource();
        var wait = log.WaitAsync(0, 0, leaving.Token).AsTask();
        Assert.True(await OpenHub.IsSoonAsync(() => log.Problems.Count == 1));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.True(await OpenHub.IsSoonAsync(() => log.Problems.Count == 0), "the problem outlives the wait");
        hub.BeforeReceive = null;
        var again = log.WaitAsync(0, 0).AsTask();
        await log.AppendAsync(("a", "1"));
        await again.WaitAsync(OpenHub.Patience);
    }

    [Fact]
    public async Task The_end_is_asked_of_the_hub_and_those_who_ask_together_share_a_question()
    {
        var hub = new TestHub();
        await using var writer = await hub.LogAsync();
        await using var reader = await hub.LogAsync();
        await writer.AppendAsync(("a", "1"), ("a", "2"));
        Assert.Equal(0, reader.Next(0));
        Assert.Equal(2, await reader.EndAsync(0));
        Assert.Equal(2, reader.Next(0));
        var (asked, held, go) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        hub.HoldDescribe = async _ =>
        {
            if (Interlocked.Increment(ref asked) > 1)
                return;
            held.SetResult();
            await go.Task;
        };
        var first = reader.EndAsync(0).AsTask();
        await held.Task.WaitAsync(OpenHub.Patience);
        await writer.AppendAsync(("a", "3"));
        var others = Enumerable.Range(0, 20).Select(_ => reader.EndAsync(0).AsTask()).ToArray();
        go.SetResult();
        Assert.All(await Task.WhenAll(others).WaitAsync(OpenHub.Patience), end => Assert.Equal(3, end));
        Assert.InRange(await first, 2, 3);
        Assert.Equal(2, asked);
        hub.HoldDescribe = _ => Interlocked.Increment(ref asked) < 5 ? throw TestHub.Failure() : Task.CompletedTask;
        Assert.Equal(3, await reader.EndAsync(0));
        hub.HoldDescribe = _ => throw new UnauthorizedAccessException("No right to listen.");
        await Assert.ThrowsAsync<LogUnavailableException>(async () => await reader.EndAsync(0));
    }

    [Fact]
    public async Task A_reader_that_fails_to_close_loses_no_turn()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync(OpenHub.Quick with { ReadersMax = 1 });
        for (var i = 0; i < 5; i++)
            await log.AppendAsync(("a", $"{i}"));
        await log.RefreshAsync();
        hub.BeforeReceive = _ => throw new UnauthorizedAccessException("No right to listen.");
        hub.BeforeClosed = _ => throw new InvalidOperationException("It was told to fail.");
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAnyAsync<Exception>(() => log.ReadAsync(0, 0, 1).AsTask().WaitAsync(OpenHub.Patience / 6));
        (hub.BeforeReceive, hub.BeforeClosed) = (null, null);
        using var page = await log.ReadAsync(0, 0, 1).AsTask().WaitAsync(OpenHub.Patience / 6);
        Assert.Equal("0", page.Events[0].IdText());
    }

    [Fact]
    public async Task An_idle_reader_that_fails_to_close_is_a_problem_for_a_round_and_the_hub_is_asked_on()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync(OpenHub.Quick with { RefreshEvery = TimeSpan.FromMilliseconds(20), IdleAfter = TimeSpan.Zero, ReceiveEventsMax = 1 });
        await log.AppendAsync(("a", "1"), ("a", "2"));
        await log.RefreshAsync();
        hub.BeforeClosed = _ =>
        {
            hub.BeforeClosed = null;
            throw new InvalidOperationException("It was told to fail.");
        };
        // Not within the question.
        const TaskCreationOptions elsewhere = TaskCreationOptions.RunContinuationsAsynchronously;
        var (told, gone) = (new TaskCompletionSource(elsewhere), new TaskCompletionSource(elsewhere));
        hub.HoldDescribe = _ =>
        {
            if (log.Problems.Any(problem => problem.Contains("let go of readers", StringComparison.Ordinal)))
                told.TrySetResult();
            else if (told.Task.IsCompleted)
                gone.TrySetResult();
            return Task.CompletedTask;
        };
        // Not to the end, so that the reader is kept.
        (await log.ReadAsync(0, 0, 1 << 20)).Dispose();
        await told.Task.WaitAsync(OpenHub.Patience / 6);
        await gone.Task.WaitAsync(OpenHub.Patience / 6);
        hub[0].Store([new EventData("{}")]);
        Assert.True(await OpenHub.IsSoonAsync(() => log.Next(0) == 3), "the hub is asked no more");
    }
}
