using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>The rule of duplicates as readers apply it, against the rule in plain words.</summary>
public sealed class DuplicateFilterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 10)]
    [InlineData(4, 50)]
    [InlineData(5, 1000)]
    public async Task Readers_find_what_the_plain_rule_finds_wherever_they_begin(int seed, int window)
    {
        var random = new Random(seed);
        await using var log = new Doubling();
        var identities = new List<(string Source, string Id)>();
        for (var i = 0; i < 400; i++)
        {
            identities.Add(($"source{random.Next(3)}", $"{random.Next(40)}"));
            await log.AddAsync(identities[^1].Source, identities[^1].Id);
        }
        foreach (var start in new[] { 0, 1, window - 1, window, 200, 399, 400 }.Where(start => start is >= 0 and <= 400).Distinct())
        {
            using var filter = await DuplicateFilter.OpenAsync(log, 0, window, start);
            for (var at = start; at < identities.Count; at++)
            {
                Assert.Equal(at, filter.Next);
                using var page = await log.ReadAsync(0, at, 1);
                var expected = identities[Math.Max(0, at - window)..at].Contains(identities[at]);
                Assert.Equal(expected, await filter.IsDuplicateAsync(page.Events[0]));
            }
        }
    }

    [Theory]
    [InlineData(6, 1)]
    [InlineData(7, 5)]
    [InlineData(8, 60)]
    public async Task A_filter_that_goes_back_to_its_mark_finds_the_same_again_and_reads_nothing_for_that(int seed, int window)
    {
        var random = new Random(seed);
        await using var log = new Doubling();
        for (var i = 0; i < 300; i++)
            await log.AddAsync("source", $"{random.Next(30)}");
        using var straight = await DuplicateFilter.OpenAsync(log, 0, window, 0);
        using var filter = await DuplicateFilter.OpenAsync(log, 0, window, 0);
        Assert.Throws<InvalidOperationException>(filter.GoBack);
        while (filter.Next < 300)
        {
            filter.Mark();
            var (from, tried) = (filter.Next, random.Next(1, 90));
            await FindAsync(log, filter, tried);
            var read = log.Reads;
            filter.GoBack();
            Assert.Equal((from, read), (filter.Next, log.Reads));
            var kept = random.Next(1, tried + 1);
            Assert.Equal(await FindAsync(log, straight, kept), await FindAsync(log, filter, kept));
        }
    }

    [Fact]
    public async Task An_event_that_is_none_is_told_at_once_and_without_garbage()
    {
        await using var log = new Doubling();
        for (var i = 0; i < 300; i++)
            await log.AddAsync("source", $"{i}");
        using var filter = await DuplicateFilter.OpenAsync(log, 0, 1000, 0);
        using var page = await log.ReadAsync(0, 0, int.MaxValue);
        Assert.False(await filter.IsDuplicateAsync(page.Events[0]));
        var (before, atOnce) = (GC.GetAllocatedBytesForCurrentThread(), 0);
        for (var i = 1; i < 300; i++)
        {
            var answer = filter.IsDuplicateAsync(page.Events[i]);
            atOnce += answer.IsCompletedSuccessfully && !await answer ? 1 : 0;
        }
        Assert.Equal((299, before), (atOnce, GC.GetAllocatedBytesForCurrentThread()));
    }

    [Fact]
    public async Task A_log_that_refuses_duplicates_needs_no_window_and_is_not_read()
    {
        await using var log = new MemoryLog(partitions: 1, duplicateWindow: 0);
        using var batch = TestEvents.Batch(("a", "1"), ("a", "1"));
        await log.AppendAsync(batch);
        using var filter = await DuplicateFilter.OpenAsync(log, 0, 1000, 0);
        using var page = await log.ReadAsync(0, 0, int.MaxValue);
        Assert.False(await filter.IsDuplicateAsync(page.Events[0]));
        Assert.False(await filter.IsDuplicateAsync(page.Events[1]));
        Assert.Equal(2, filter.Next);
    }

    [Fact]
    public async Task Events_are_asked_about_in_order()
    {
        await using var log = new Doubling();
        await log.AddAsync("source", "1");
        await log.AddAsync("source", "2");
        using var filter = await DuplicateFilter.OpenAsync(log, 0, 10, 0);
        using var page = await log.ReadAsync(0, 0, int.MaxValue);
        await Assert.ThrowsAsync<ArgumentException>(async () => await filter.IsDuplicateAsync(page.Events[1]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await DuplicateFilter.OpenAsync(log, 0, 10, 3));
    }

    private static async Task<List<bool>> FindAsync(Doubling log, DuplicateFilter filter, int events)
    {
        var found = new List<bool>();
        for (var i = 0; i < events && filter.Next < log.Next(0); i++)
        {
            using var page = await log.ReadAsync(0, filter.Next, 1);
            found.Add(await filter.IsDuplicateAsync(page.Events[0]));
        }
        return found;
    }

    /// <summary>A log that takes every event, as a hub does.</summary>
    private sealed class Doubling : ILogReader, IAsyncDisposable
    {
        private readonly MemoryLog _log = new(partitions: 1, duplicateWindow: 0);

        public long LogId => _log.LogId;
        public int PartitionCount => 1;
        public bool MayHoldDuplicates => true;
        public int Reads { get; private set; }

        public async Task AddAsync(string source, string id)
        {
            using var batch = new EventBatch();
            batch.Add("a", id, source: source);
            await _log.AppendAsync(batch);
        }

        public long First(int partition) => 0;
        public long Next(int partition) => _log.Next(partition);

        public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
        {
            Reads++;
            return _log.ReadAsync(partition, from, bytesMax, cancellationToken);
        }

        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) =>
            _log.WaitAsync(partition, sequence, cancellationToken);

        public ValueTask DisposeAsync() => _log.DisposeAsync();
    }
}
