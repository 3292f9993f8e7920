using Kappa.Grains.Indexes;
using Kappa.Grains.Instances;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Kappa.Grains.Tests;

/// <summary>The documents of an index shard: pages and a journal.</summary>
public sealed class IndexStoreTests
{
    private static readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

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
    public async Task A_shard_that_is_discarded_leaves_no_document()
    {
        var storage = new SharedStorage();
        var store = await OpenAsync(storage);
        for (var round = 0; round < IndexStore.JournalsMax + 5; round++)
            await store.AddAsync([Entry(round, 1)]);
        await (await OpenAsync(storage)).ClearAsync();
        Assert.Empty(storage.Names);
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
        return took;
    }

    private static async Task<IndexStore> OpenAsync(SharedStorage storage)
    {
        var store = new IndexStore(new GrainDocuments(storage.For(_serializer), GrainId.Create("index", "one")));
        await store.LoadAsync();
        return store;
    }

    private static IndexEntry Entry(int key, long version) => new($"k{key}", version, 0, 0, true, 0, [], []);
}
