using Kappa.Grains.Indexes;
using Orleans.Storage;
using static Kappa.Grains.Tests.IndexShard;

namespace Kappa.Grains.Tests;

/// <summary>The documents of an index shard: pages and a journal.</summary>
public sealed class IndexStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shard_that_is_lost_at_any_operation_has_all_that_was_acknowledged(bool afterTheDeed)
    {
        // With two compactions on the way.
        const int writes = IndexStore.JournalsMax * 2 + 10;
        var operations = await RunAsync(writes, -1, afterTheDeed);
        Assert.True(operations > writes);
        for (var lostAt = 0; lostAt < operations; lostAt++)
            await RunAsync(writes, lostAt, afterTheDeed);
    }

    [Fact]
    public async Task Of_two_activations_that_write_the_second_notices_and_nothing_is_lost()
    {
        var storage = new SharedStorage();
        var (one, two) = (await OpenAsync(storage), await OpenAsync(storage));
        for (var round = 0; round < IndexStore.JournalsMax * 3; round++)
        {
            await one.AddAsync([Entry(round, 1)]);
            await Assert.ThrowsAsync<InconsistentStateException>(() => two.AddAsync([Entry(10_000 + round, 1)]));
            two = await OpenAsync(storage);
            await two.AddAsync([Entry(10_000 + round, 2)]);
            await Assert.ThrowsAsync<InconsistentStateException>(() => one.AddAsync([Entry(round, 3)]));
            one = await OpenAsync(storage);
        }
        Assert.Equal(IndexStore.JournalsMax * 6, (await OpenAsync(storage)).All.Count());
    }

    [Fact]
    public async Task An_activation_that_slept_through_writes_and_compactions_cannot_write()
    {
        for (var known = 0; known <= IndexStore.JournalsMax; known++)
            foreach (var missed in (int[])[1, IndexStore.JournalsMax - 1, IndexStore.JournalsMax, IndexStore.JournalsMax + 1, IndexStore.JournalsMax * 2])
            {
                var storage = new SharedStorage();
                await WriteAsync(await OpenAsync(storage), 0, known);
                var (one, two) = (await OpenAsync(storage), await OpenAsync(storage));
                await WriteAsync(one, known, missed);
                await Assert.ThrowsAsync<InconsistentStateException>(() => two.AddAsync([Entry(10_000, 1)]));
                Assert.Equal(known + missed, (await OpenAsync(storage)).All.Count());
            }
    }

    [Fact]
    public async Task A_shard_that_is_read_while_another_activation_compacts_has_all_that_was_acknowledged_before()
    {
        const int before = IndexStore.JournalsMax * 2 - 1;
        var isOver = false;
        for (var operation = 0; !isOver; operation++)
        {
            var storage = new SharedStorage();
            var one = await OpenAsync(storage);
            await WriteAsync(one, 0, before);
            var left = operation;
            // Storage in memory answers at once: all of this happens between two operations of the one that reads.
            storage.Fails = _ =>
            {
                if (left-- == 0)
                {
                    storage.Fails = null;
                    WriteAsync(one, before, 5).GetAwaiter().GetResult();
                }
                return false;
            };
            var two = await OpenAsync(storage);
            (isOver, storage.Fails) = (left >= 0, null);
            Assert.True(two.All.Count() >= before, $"{two.All.Count()} of {before} were read when all was written anew at operation {operation}");
            if (two.All.Count() < before + 5 && !isOver)
                await Assert.ThrowsAsync<InconsistentStateException>(() => two.AddAsync([Entry(10_000, 1)]));
        }
    }

    [Fact]
    public async Task A_shard_that_is_discarded_leaves_no_document()
    {
        var storage = new SharedStorage();
        var store = await OpenAsync(storage);
        await WriteAsync(store, 0, IndexStore.JournalsMax + 5);
        for (var operation = 0; storage.Count > 0; operation++)
        {
            var left = operation;
            storage.FailsAfter = _ => left-- == 0;
            try
            {
                await (await OpenAsync(storage)).ClearAsync();
            }
            catch (IOException)
            {
                // The next one goes on with what is left.
            }
            storage.FailsAfter = null;
            await OpenAsync(storage);
        }
    }

    /// <summary>Adds entries one by one; at one operation storage fails and the shard is opened anew, as on another silo. Returns how many operations there were.</summary>
    private static async Task<int> RunAsync(int writes, int lostAt, bool afterTheDeed)
    {
        var storage = new SharedStorage();
        var operations = 0;
        bool IsLost(string name) => operations++ == lostAt;
        if (afterTheDeed)
            storage.FailsAfter = IsLost;
        else
            storage.Fails = IsLost;
        var acknowledged = new Dictionary<string, long>(StringComparer.Ordinal);
        IndexStore? store = null;
        for (var write = 0; write < writes; write++)
        {
            var entry = Entry(write % 50, write);
            for (var isDone = false; !isDone;)
                try
                {
                    store ??= await OpenAsync(storage);
                    await store.AddAsync([entry]);
                    isDone = true;
                }
                catch (IOException)
                {
                    store = null;
                }
            acknowledged[entry.Key] = entry.Version;
        }
        var took = operations;
        (storage.Fails, storage.FailsAfter) = (null, null);
        var found = (await OpenAsync(storage)).All.ToDictionary(entry => entry.Key, entry => entry.Version);
        Assert.True(acknowledged.Count == found.Count && acknowledged.All(one => found[one.Key] == one.Value), $"lost at operation {lostAt}");
        Assert.True(storage.Names.Count(name => name.Contains("journal", StringComparison.Ordinal)) <= IndexStore.JournalsMax, $"journals pile up after operation {lostAt}");
        // What was left over goes with the next compaction.
        store = await OpenAsync(storage);
        for (var write = 0; write <= IndexStore.JournalsMax; write++)
            await store.AddAsync([Entry(write % 50, writes + write)]);
        Assert.True(storage.Names.Count(name => name.Contains("|page-", StringComparison.Ordinal)) == 1, $"pages are left over after operation {lostAt}");
        return took;
    }
}
