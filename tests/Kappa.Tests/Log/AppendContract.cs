using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>What every log must do when it is appended to.</summary>
public abstract class AppendContract(LogMaker maker) : LogContract(maker)
{
    [Fact]
    public async Task Appended_events_are_read_back_in_order()
    {
        var log = Open();
        var result = await AppendAsync(log, ("a", "1"), ("b", "2"), ("a", "3"));
        Assert.Equal((AppendStatus.Appended, 3, 0), (result.Status, result.Appended, result.Duplicates));
        Assert.Equal("0:3", result.Receipt.Cut.ToString());
        await AppendAsync(log, ("c", "4"));
        Assert.Equal(["1", "2", "3", "4"], await log.Reader.IdsAsync(0));
        Assert.Equal((0, 4), (log.Reader.First(0), log.Reader.Next(0)));
    }

    [Fact]
    public async Task Appending_nothing_is_fine()
    {
        var log = Open();
        var result = await AppendAsync(log);
        Assert.Equal(new AppendResult(AppendStatus.Appended, 0, 0, Receipt.Empty), result);
        Assert.Equal(0, log.Reader.Next(0));
    }

    [Fact]
    public async Task Every_field_comes_back_as_it_was()
    {
        var log = Open();
        using var batch = new EventBatch();
        batch.Add("customer/Łódź 🎲", "id-1", "{\"a\":[1,2,3]}", "urn:source");
        var record = batch.Record(0).ToArray();
        await log.Writer.AppendAsync(batch);
        using var page = await log.Reader.ReadAsync(0, 0, 1);
        Assert.Equal(record, page.Events[0].Record.ToArray());
        Assert.Equal("customer/Łódź 🎲", page.Events[0].SubjectText());
        Assert.Equal("{\"a\":[1,2,3]}", page.Events[0].DataText());
    }

    [Fact]
    public async Task The_receipt_names_just_the_partitions_that_were_touched()
    {
        var log = Open(partitions: 8);
        await AppendAsync(log, (SubjectIn(2, 8), "1"), (SubjectIn(5, 8), "2"));
        var result = await AppendAsync(log, (SubjectIn(5, 8), "3"), (SubjectIn(5, 8), "4"));
        Assert.Equal("5:3", result.Receipt.Cut.ToString());
        Assert.Equal(["2", "3", "4"], await log.Reader.IdsAsync(5));
        Assert.Equal(["1"], await log.Reader.IdsAsync(2));
    }

    [Fact]
    public async Task Append_times_never_go_back_even_if_the_clock_does()
    {
        var time = new ManualTime();
        var log = Open(time: time);
        await AppendAsync(log, ("a", "1"));
        time.Now -= TimeSpan.FromHours(1);
        await AppendAsync(log, ("a", "2"));
        time.Now += TimeSpan.FromHours(2);
        await AppendAsync(log, ("a", "3"));
        Assert.Equal([ManualTime.Start, ManualTime.Start, ManualTime.Start.AddHours(1)], await log.Reader.ReadAllAsync(0, recorded => recorded.Appended));
    }

    [Fact]
    public async Task An_append_beyond_a_limit_is_refused_and_nothing_of_it_is_stored()
    {
        var log = Open();
        var limits = new LogOptions();
        using var many = new EventBatch();
        for (var i = 0; i <= limits.RequestEventsMax; i++)
            many.Add("a", $"{i}");
        using var large = new EventBatch();
        large.Add("a", "small");
        large.Add("a", "large", new string('x', limits.EventBytesMax));
        using var heavy = new EventBatch();
        for (var i = 0; i < 9; i++)
            heavy.Add("a", $"heavy {i}", new string('x', limits.EventBytesMax - 200));
        foreach (var (batch, limit) in new[] { (many, "RequestEventsMax"), (large, "EventBytesMax"), (heavy, "RequestBytesMax") })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(async () => await log.Writer.AppendAsync(batch));
            Assert.Contains(limit, error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(0, log.Reader.Next(0));
    }

    [Fact]
    public async Task Many_appenders_at_once_lose_nothing_and_keep_the_order_of_each_key()
    {
        const int Appenders = 8, Appends = 40, Events = 25;
        var log = Open(partitions: 3, duplicateWindow: 100_000);
        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(appender => Task.Run(async () =>
        {
            using var batch = new EventBatch();
            for (var i = 0; i < Appends; i++)
            {
                batch.Clear();
                for (var e = 0; e < Events; e++)
                    batch.Add($"key/{appender}/{e % 5}", $"{appender}:{i * Events + e}", new string('x', e));
                var result = await log.Writer.AppendAsync(batch);
                Assert.Equal(Events, result.Appended);
                foreach (var p in Enumerable.Range(0, 3))
                    Assert.True(log.Reader.Next(p) >= result.Receipt.Cut[p], "the receipt is ahead of the log");
            }
        })));
        var all = new List<string>();
        for (var p = 0; p < 3; p++)
        {
            var partition = await log.Reader.ReadAllAsync(p, recorded => (Key: recorded.SubjectText(), Id: recorded.IdText()));
            Assert.All(partition.GroupBy(one => one.Key, one => int.Parse(one.Id.Split(':')[1], null)), key => Assert.Equal(key.Order(), key));
            all.AddRange(partition.Select(one => one.Id));
        }
        Assert.Equal(Appenders * Appends * Events, all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public async Task A_cancelled_append_stores_nothing()
    {
        var log = Open();
        using var batch = TestEvents.Batch(("a", "1"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await log.Writer.AppendAsync(batch, new CancellationToken(true)));
        Assert.Equal(0, log.Reader.Next(0));
    }

    [Fact]
    public async Task A_closed_log_takes_no_appends()
    {
        var log = Open();
        await log.Close.DisposeAsync();
        using var batch = TestEvents.Batch(("a", "1"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.Writer.AppendAsync(batch));
    }
}
