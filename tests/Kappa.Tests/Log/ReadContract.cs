using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>What every log must do when it is read and waited for.</summary>
public abstract class ReadContract(LogMaker maker) : LogContract(maker)
{
    [Fact]
    public async Task An_empty_log_gives_an_empty_page()
    {
        var log = Open(partitions: 2);
        using var page = await log.Reader.ReadAsync(1, 0, 1000);
        Assert.Equal((0, 0), (page.Count, page.Next));
    }

    [Fact]
    public async Task Reading_outside_of_the_log_is_an_error()
    {
        var log = Open();
        await AppendAsync(log, ("a", "1"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await log.Reader.ReadAsync(0, -1, 1000));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await log.Reader.ReadAsync(0, 2, 1000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(70_000)]
    [InlineData(10_000_000)]
    public async Task Pages_of_any_size_give_the_same_events(int bytesMax)
    {
        var log = Open();
        var expected = await FillAsync(log);
        Assert.Equal(expected, await log.Reader.IdsAsync(0, bytesMax));
    }

    [Fact]
    public async Task Reading_can_start_at_any_sequence()
    {
        var log = Open();
        var expected = await FillAsync(log);
        for (var from = expected.Count - 1; from >= 0; from -= 7)
        {
            using var page = await log.Reader.ReadAsync(0, from, 1);
            Assert.Equal(new Position(0, from), page.Events[0].Position);
            Assert.Equal(expected[from], page.Events[0].IdText());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_cut_at_a_time_holds_exactly_what_was_appended_by_then(int seed)
    {
        var (random, time) = (new Random(seed), new ManualTime());
        var log = Open(partitions: 3, time: time);
        Assert.Equal(Cut.Zero, await LogCuts.AtAsync(log.Reader, time.Now));
        for (var append = 0; append < 60; append++)
        {
            await AppendAsync(log, [.. Enumerable.Range(0, random.Next(1, 80)).Select(i => ($"subject/{random.Next(20)}", $"{append}-{i}"))]);
            // The clock may also go back: then append times stay where they are.
            time.Now = time.Now.AddTicks(random.Next(-2, 5));
        }
        var appended = new List<List<long>>();
        for (var partition = 0; partition < 3; partition++)
            appended.Add(await log.Reader.ReadAllAsync(partition, recorded => recorded.AppendedTicks));
        Assert.Equal(new Cut([.. appended.Select(ticks => (long)ticks.Count)]), LogCuts.EndOf(log.Reader));
        for (var at = ManualTime.Start.AddTicks(-2); at <= time.Now.AddTicks(5); at = at.AddTicks(1))
            Assert.Equal(new Cut([.. appended.Select(ticks => (long)ticks.Count(one => one <= at.UtcTicks))]), await LogCuts.AtAsync(log.Reader, at));
    }

    [Fact]
    public async Task A_page_stays_as_it_is_while_somebody_holds_it()
    {
        var log = Open();
        await AppendAsync(log, ("a", "1"));
        var page = await log.Reader.ReadAsync(0, 0, 1000);
        page.Retain();
        page.Dispose();
        for (var i = 2; i < 50; i++)
        {
            await AppendAsync(log, ("a", $"{i}"));
            (await log.Reader.ReadAsync(0, i - 1, 1000)).Dispose();
        }
        Assert.Equal(("1", 1), (page.Events[0].IdText(), page.Count));
        page.Dispose();
    }

    [Fact]
    public async Task Waiting_for_what_is_there_is_over_at_once()
    {
        var log = Open();
        await AppendAsync(log, ("a", "1"));
        var completed = true;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            var wait = log.Reader.WaitAsync(0, 0);
            completed &= wait.IsCompletedSuccessfully;
            await wait;
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(completed);
    }

    [Fact]
    public async Task Everybody_who_waits_is_told()
    {
        var log = Open(partitions: 2);
        var subject = SubjectIn(1, 2);
        var near = Enumerable.Range(0, 20).Select(_ => log.Reader.WaitAsync(1, 0).AsTask()).ToArray();
        var far = log.Reader.WaitAsync(1, 2).AsTask();
        Assert.DoesNotContain(near, wait => wait.IsCompleted);
        await AppendAsync(log, (subject, "1"));
        await Task.WhenAll(near).WaitAsync(Patience);
        await AppendAsync(log, (subject, "2"));
        Assert.False(far.IsCompleted);
        await AppendAsync(log, (subject, "3"));
        await far.WaitAsync(Patience);
        Assert.Equal(3, log.Reader.Next(1));
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        var log = Open();
        using var cancel = new CancellationTokenSource();
        var wait = log.Reader.WaitAsync(0, 0, cancel.Token).AsTask();
        var other = log.Reader.WaitAsync(0, 0).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Patience));
        await AppendAsync(log, ("a", "1"));
        await other.WaitAsync(Patience);
    }

    [Fact]
    public async Task Closing_the_log_ends_every_wait()
    {
        var log = Open();
        await AppendAsync(log, ("a", "1"));
        var wait = log.Reader.WaitAsync(0, 1).AsTask();
        await log.Close.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait.WaitAsync(Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.Reader.WaitAsync(0, 1));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.Reader.ReadAsync(0, 0, 1000));
    }

    [Fact]
    public async Task Readers_follow_a_writer_without_missing_anything()
    {
        const int Events = 600;
        var log = Open();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var (ids, at) = (new List<string>(), 0L);
            while (at < Events)
            {
                await log.Reader.WaitAsync(0, at).AsTask().WaitAsync(Patience);
                using var page = await log.Reader.ReadAsync(0, at, 4000);
                Assert.NotEqual(0, page.Count);
                foreach (var recorded in page.Events)
                    ids.Add(recorded.IdText());
                at = page.Next;
            }
            return ids;
        })).ToArray();
        for (var i = 0; i < Events; i += 3)
            await AppendAsync(log, ("a", $"{i}"), ("b", $"{i + 1}"), ("c", $"{i + 2}"));
        foreach (var ids in await Task.WhenAll(readers))
            Assert.Equal(Enumerable.Range(0, Events).Select(i => $"{i}"), ids);
    }

    /// <summary>Small, middling and very large events, in appends of one and of many.</summary>
    private static async Task<List<string>> FillAsync(OpenedLog log)
    {
        var ids = new List<string>();
        int[] sizes = [10, 3000, 10, 10, 200_000, 100, 65_400, 65_535, 65_536, 1, 700_000, 5];
        for (var round = 0; round < 12; round++)
        {
            using var batch = new EventBatch();
            for (var i = 0; i < (round % 3 == 0 ? 1 : 40); i++)
            {
                ids.Add($"{round}-{i}");
                batch.Add("a", ids[^1], new string('x', round % 2 == 0 && i == 0 ? sizes[round] : 50 * i));
            }
            await log.Writer.AppendAsync(batch);
        }
        return ids;
    }
}
