using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>The rule of duplicates: same source and id within the window of the partition.</summary>
public abstract class DuplicatesContract(LogMaker maker) : LogContract(maker)
{
    [Fact]
    public async Task A_repeated_event_is_stored_once_and_its_receipt_covers_the_first_one()
    {
        var log = Open();
        await AppendAsync(log, ("a", "1"), ("a", "2"), ("a", "3"));
        var result = await AppendAsync(log, ("a", "2"));
        Assert.Equal((AppendStatus.Appended, 0, 1, "0:2"), (result.Status, result.Appended, result.Duplicates, result.Receipt.Cut.ToString()));
        result = await AppendAsync(log, ("a", "1"), ("a", "4"), ("a", "3"));
        Assert.Equal((1, 2, "0:4"), (result.Appended, result.Duplicates, result.Receipt.Cut.ToString()));
        Assert.Equal(["1", "2", "3", "4"], await log.Reader.IdsAsync(0));
    }

    [Fact]
    public async Task A_repeat_within_one_append_is_stored_once()
    {
        var log = Open();
        var result = await AppendAsync(log, ("a", "1"), ("a", "1"), ("a", "2"), ("a", "1"));
        Assert.Equal((2, 2, "0:2"), (result.Appended, result.Duplicates, result.Receipt.Cut.ToString()));
        Assert.Equal(["1", "2"], await log.Reader.IdsAsync(0));
    }

    [Fact]
    public async Task A_repeat_with_other_content_is_a_repeat()
    {
        var log = Open();
        await AppendAsync(log, ("a", "1"));
        using var batch = new EventBatch();
        batch.Add("a", "1", "{\"other\":true}");
        Assert.Equal(1, (await log.Writer.AppendAsync(batch)).Duplicates);
        Assert.Equal(["{}"], await log.Reader.ReadAllAsync(0, recorded => recorded.DataText()));
    }

    [Fact]
    public async Task The_same_id_from_another_source_is_another_event()
    {
        var log = Open();
        using var batch = new EventBatch();
        batch.Add("a", "1", source: "here");
        batch.Add("a", "1", source: "there");
        Assert.Equal(2, (await log.Writer.AppendAsync(batch)).Appended);
        Assert.Equal((0, 2), ((await log.Writer.AppendAsync(batch)) is var again ? (again.Appended, again.Duplicates) : default));
    }

    [Fact]
    public async Task The_window_is_exactly_as_long_as_it_says()
    {
        var log = Open(duplicateWindow: 3);
        await AppendAsync(log, ("a", "0"), ("a", "1"), ("a", "2"));
        // The next event would stand at 3: the three positions before hold 0, 1 and 2.
        Assert.Equal(1, (await AppendAsync(log, ("a", "0"))).Duplicates);
        await AppendAsync(log, ("a", "3"));
        // Now at 4: the three positions before hold 1, 2 and 3.
        Assert.Equal(1, (await AppendAsync(log, ("a", "1"))).Duplicates);
        Assert.Equal(1, (await AppendAsync(log, ("a", "0"))).Appended);
        Assert.Equal(["0", "1", "2", "3", "0"], await log.Reader.IdsAsync(0));
        // And within one append: behind 4 stand 5, 6 and 7 before 0 comes again.
        var result = await AppendAsync(log, ("a", "5"), ("a", "0"), ("a", "6"), ("a", "7"), ("a", "0"));
        Assert.Equal((4, 1), (result.Appended, result.Duplicates));
    }

    [Fact]
    public async Task A_window_of_nothing_looks_for_no_duplicates()
    {
        var log = Open(duplicateWindow: 0);
        Assert.Equal(2, (await AppendAsync(log, ("a", "1"), ("a", "1"))).Appended);
        Assert.Equal(1, (await AppendAsync(log, ("a", "1"))).Appended);
    }

    [Fact]
    public async Task The_same_append_from_many_at_once_is_stored_once()
    {
        var log = Open(partitions: 2);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var batch = new EventBatch();
            for (var i = 0; i < 20; i++)
                batch.Add($"key/{i}", $"{i}");
            var result = await log.Writer.AppendAsync(batch);
            for (var p = 0; p < 2; p++)
                Assert.True(log.Reader.Next(p) >= result.Receipt.Cut[p], "a duplicate was acknowledged before its first one was there");
            return result;
        })));
        Assert.Equal((20, 7 * 20), (results.Sum(result => result.Appended), results.Sum(result => result.Duplicates)));
        Assert.Equal(20, (await log.Reader.AllIdsAsync()).Distinct().Count());
    }
}
