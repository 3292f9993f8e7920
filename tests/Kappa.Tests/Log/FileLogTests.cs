using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>What only the file log does: restarts, and all that belongs to files.</summary>
public sealed class FileLogTests
{
    private const string Place = "/data/log";

    [Fact]
    public async Task Events_are_there_after_a_restart()
    {
        var disk = new SimulatedDisk();
        await using (var log = FileLog.Open(Place, new LogOptions { Partitions = 2 }, disk))
        {
            using var batch = TestEvents.Batch(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"));
            var result = await log.AppendAsync(batch);
            Assert.Equal((AppendStatus.Appended, 4, 0), (result.Status, result.Appended, result.Duplicates));
        }
        await using (var log = FileLog.Open(Place, new LogOptions(), disk))
        {
            Assert.Empty(log.Recovered);
            Assert.Equal(["1", "2", "3", "4"], (await log.AllIdsAsync()).Order());
            using var again = TestEvents.Batch(("a", "1"), ("b", "2"), ("e", "5"));
            var result = await log.AppendAsync(again);
            Assert.Equal((AppendStatus.Appended, 1, 2), (result.Status, result.Appended, result.Duplicates));
            Assert.Equal(5, (await log.AllIdsAsync()).Count);
        }
    }
}
