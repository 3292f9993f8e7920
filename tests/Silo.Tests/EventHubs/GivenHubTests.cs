using Kappa.Events;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Tests.Log;
using Xunit.Abstractions;

namespace Kappa.Tests.EventHubs;

/// <summary>The log on whatever hub the environment gives.</summary>
[Collection(nameof(GivenHub))]
public sealed class GivenHubTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_is_appended_is_read_back_in_order_and_receipts_say_where()
    {
        if (await OpenAsync() is not { } log)
            return;
        await using var closing = log;
        var start = LogCuts.EndOf(log);
        var run = Guid.NewGuid().ToString("N")[..8];
        var expected = Enumerable.Range(0, log.PartitionCount).Select(_ => new List<string>()).ToArray();
        var readers = Enumerable.Range(0, log.PartitionCount).Select(partition => log.WaitAsync(partition, start[partition]).AsTask()).ToArray();
        var cut = Cut.Zero;
        for (var append = 0; append < 20; append++)
        {
            using var batch = new EventBatch();
            for (var i = 0; i < 50; i++)
            {
                batch.Add($"{run}/{i % 13}", $"{run}-{append}-{i}", $$"""{"n":{{i}}}""");
                expected[Kappa.Log.StableHash.Bucket(batch.PartitionHash(i), log.PartitionCount)].Add($"{run}-{append}-{i}");
            }
            var result = await log.AppendAsync(batch);
            Assert.Equal((AppendStatus.Appended, 50), (result.Status, result.Appended));
            Assert.True(Receipt.TryParse(result.Receipt.ToString(), out var receipt));
            cut = Cut.Max(cut, await receipt.ResolveAsync(log).AsTask().WaitAsync(OpenHub.Patience));
        }
        for (var partition = 0; partition < log.PartitionCount; partition++)
        {
            if (expected[partition].Count == 0)
                continue;
            await readers[partition].WaitAsync(OpenHub.Patience);
            var ids = new List<string>();
            for (var at = start[partition]; at < cut[partition];)
            {
                using var page = await log.ReadAsync(partition, at, 5000);
                Assert.Equal(new Position(partition, at), page.Events[0].Position);
                ids.AddRange(page.Events.ToArray().Select(recorded => recorded.IdText()).Where(id => id.StartsWith(run, StringComparison.Ordinal)));
                at = page.Next;
            }
            // A retry within the client may store a batch twice.
            Assert.Equal(expected[partition], ids.Distinct());
        }
    }

    [Fact]
    public async Task Large_appends_and_single_reads_work_and_another_process_resolves_receipts()
    {
        if (await OpenAsync() is not { } log)
            return;
        var run = Guid.NewGuid().ToString("N")[..8];
        Receipt receipt;
        await using (log)
        {
            using var batch = new EventBatch();
            for (var i = 0; i < 30; i++)
                batch.Add(run, $"{run}-{i}", new string('x', 100_000));
            receipt = (await log.AppendAsync(batch)).Receipt;
            using var large = new EventBatch();
            large.Add(run, "large", new string('x', (1 << 20) - 100));
            await Assert.ThrowsAsync<ArgumentException>(async () => await log.AppendAsync(large));
        }
        await using var other = (await OpenAsync())!;
        var mark = Assert.Single(receipt.Marks);
        var next = await other.ResolveAsync(mark).AsTask().WaitAsync(OpenHub.Patience);
        for (var i = 1; i <= mark.Count; i++)
        {
            using var page = await other.ReadAsync(mark.Partition, next - i, 1);
            Assert.Equal($"{run}-{30 - i}", page.Events[0].IdText());
            Assert.Equal(100_000, page.Events[0].Data.Length);
        }
    }

    private async Task<EventHubLog?> OpenAsync()
    {
        if (GivenHub.Connection is { } connection)
            return await EventHubLog.OpenAsync(connection, null, "$Default");
        output.WriteLine($"Not run: {GivenHub.Variable} names no hub.");
        return null;
    }
}
