using Kappa.Engine.History;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Log;

namespace Kappa.Tests.Engine.History;

/// <summary>Reading single events by position.</summary>
public sealed class EventFetcherTests
{
    [Fact]
    public async Task An_event_that_another_process_folded_is_found_where_this_one_has_not_heard_of_it()
    {
        await using var log = new MemoryLog(partitions: 1);
        using var batch = new EventBatch();
        batch.Add("a", "first");
        await log.AppendAsync(batch);
        using var events = new EventFetcher(new Unaware(log));
        Assert.Equal("first", (await events.GetAsync(new Position(0, 0), default)).IdText());
        await Assert.ThrowsAsync<LogCorruptException>(async () => await events.GetAsync(new Position(0, 1), default));
    }

    /// <summary>Knows of nothing until it asks.</summary>
    private sealed class Unaware(MemoryLog log) : ILogReader
    {
        private long _known;

        public long LogId => log.LogId;
        public int PartitionCount => 1;
        public long First(int partition) => 0;
        public long Next(int partition) => _known;
        public ValueTask<long> EndAsync(int partition, CancellationToken cancellationToken) => new(_known = log.Next(partition));
        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken) => log.WaitAsync(partition, sequence, cancellationToken);

        public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken) =>
            from == _known ? new(LogPage.Empty(from)) : log.ReadAsync(partition, from, bytesMax, cancellationToken);
    }
}
