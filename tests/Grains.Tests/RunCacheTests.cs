using Kappa.Grains.Streams;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;

namespace Kappa.Grains.Tests;

/// <summary>Runs on their way to grains take bounded memory.</summary>
public sealed class RunCacheTests
{
    [Fact]
    public void Runs_that_were_fetched_do_not_pile_up_behind_one_that_nobody_fetches()
    {
        var cache = new RunCache(TimeProvider.System);
        var slow = StreamId.Create("build", "slow.0");
        cache.AddToCache([Run(slow, 0)]);
        for (var i = 1; i <= 200_000; i++)
        {
            var quick = StreamId.Create("build", $"quick{i % 10}.0");
            cache.AddToCache([Run(quick, i)]);
            using var cursor = cache.GetCacheCursor(quick, null);
            Assert.True(cursor.MoveNext());
            cache.TryPurgeFromCache(out _);
        }
        Assert.True(cache.Tracked < 40_000, $"{cache.Tracked} runs are kept track of");
        using var late = cache.GetCacheCursor(slow, null);
        Assert.True(late.MoveNext());
    }

    private static RunBatch Run(StreamId stream, long token) => new RunBatch(stream, EventRun.Of(0, [], []), new EventSequenceTokenV2(token));
}
