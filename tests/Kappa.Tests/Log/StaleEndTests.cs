using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Log;

/// <summary>A process that has not heard of the newest events, as one whose log is elsewhere.</summary>
public sealed class StaleEndTests
{
    [Fact]
    public async Task A_moment_after_what_is_known_here_is_looked_for_at_the_logs_own_end()
    {
        var time = new ManualTime();
        await using var log = new MemoryLog(partitions: 2, time: time);
        var stale = new StaleLog(log);
        foreach (var id in new[] { "1", "2", "3" })
        {
            using var batch = TestEvents.Batch([.. "abcd".Select(subject => ($"{subject}", $"{subject}{id}"))]);
            Assert.Equal(AppendStatus.Appended, (await log.AppendAsync(batch)).Status);
            if (id == "1")
                stale.Hear();
            time.Now += TimeSpan.FromMinutes(1);
        }
        var heard = LogCuts.EndOf(stale);
        Assert.Equal(4, heard.Count);
        Assert.True(heard[0] > 0 && heard[1] > 0);
        Assert.Equal(heard, await AsOf.At(heard).CutInAsync(stale, time));
        Assert.Equal(Cut.Zero, await AsOf.At(ManualTime.Start.AddSeconds(-1)).CutInAsync(stale, time));
        // What is past already is not asked about.
        Assert.Equal(0, stale.Asked);
        Assert.Equal(8, (await AsOf.At(ManualTime.Start.AddMinutes(1)).CutInAsync(stale, time)).Count);
        stale.Forget();
        var end = LogCuts.EndOf(log);
        Assert.Equal(end, await AsOf.At(time.GetUtcNow()).CutInAsync(stale, time));
        stale.Forget();
        Assert.Equal(end, await AsOf.At(end).CutInAsync(stale, time));
        await Assert.ThrowsAsync<InvalidAsOfException>(async () => await AsOf.At(end.With(1, end[1] + 1)).CutInAsync(stale, time));
        stale.Forget();
        Assert.Equal(end, await LogCuts.EndAsync(stale));
    }

    private sealed class StaleLog(MemoryLog log) : ILogReader
    {
        private long[] _heard = new long[log.PartitionCount];

        public int Asked { get; private set; }
        public long LogId => log.LogId;
        public int PartitionCount => log.PartitionCount;
        public long First(int partition) => 0;
        public long Next(int partition) => _heard[partition];
        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => log.WaitAsync(partition, sequence, cancellationToken);

        public void Hear() => _heard = [.. Enumerable.Range(0, PartitionCount).Select(log.Next)];

        public void Forget() => _heard = [0, 0];

        public ValueTask<long> EndAsync(int partition, CancellationToken cancellationToken = default)
        {
            Asked++;
            _heard[partition] = log.Next(partition);
            return new(_heard[partition]);
        }

        public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Next(partition));
            return log.ReadAsync(partition, from, bytesMax, cancellationToken);
        }
    }
}
