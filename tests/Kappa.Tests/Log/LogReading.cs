using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>Reads whole partitions for tests, and checks what holds for every read: sequences without holes, times that never go back.</summary>
internal static class LogReading
{
    public static async Task<List<T>> ReadAllAsync<T>(this ILogReader log, int partition, Func<RecordedEvent, T> select, int bytesMax = 1 << 20)
    {
        var all = new List<T>();
        var at = log.First(partition);
        var ticks = 0L;
        while (true)
        {
            using var page = await log.ReadAsync(partition, at, bytesMax);
            if (page.Count == 0)
                return all;
            foreach (var recorded in page.Events)
            {
                Assert.Equal(new Position(partition, at++), recorded.Position);
                Assert.True(recorded.AppendedTicks >= ticks, "append times go back");
                ticks = recorded.AppendedTicks;
                all.Add(select(recorded));
            }
            Assert.Equal(at, page.Next);
        }
    }

    public static Task<List<string>> IdsAsync(this ILogReader log, int partition, int bytesMax = 1 << 20) =>
        log.ReadAllAsync(partition, recorded => recorded.IdText(), bytesMax);

    /// <summary>The ids of all partitions, in no particular order.</summary>
    public static async Task<List<string>> AllIdsAsync(this ILogReader log)
    {
        var all = new List<string>();
        for (var p = 0; p < log.PartitionCount; p++)
            all.AddRange(await log.IdsAsync(p));
        return all;
    }
}
