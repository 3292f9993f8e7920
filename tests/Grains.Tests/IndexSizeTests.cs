using Kappa.Grains.Indexes;
using static Kappa.Grains.Tests.IndexShard;

namespace Kappa.Grains.Tests;

/// <summary>How large and how many the documents of an index shard are.</summary>
public sealed class IndexSizeTests
{
    [Fact]
    public async Task Documents_stay_small_and_few_whatever_entries_are_like()
    {
        const int bytesMax = 2_000, keys = 1_000;
        var storage = new SharedStorage { BytesMax = bytesMax };
        var random = new Random(7);
        var store = await OpenAsync(storage, bytesMax);
        for (var write = 0; write < 400; write++)
            await store.AddAsync([.. Enumerable.Range(0, 30).Select(n => Entry(random.Next(keys), write * 30 + n) with { Lookups = [new string('x', random.Next(n == 0 ? 1_500 : 60))] })]);
        var found = (await OpenAsync(storage, bytesMax)).All.ToList();
        Assert.Equal(store.All.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Version)), found.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Version)));
        var pages = storage.Names.Count(name => name.Contains("|page-", StringComparison.Ordinal));
        Assert.InRange(pages, found.Sum(entry => entry.Bytes) / bytesMax, 3 * found.Sum(entry => entry.Bytes) / bytesMax);
    }

    [Fact]
    public async Task New_keys_in_small_numbers_do_not_leave_a_page_each_time()
    {
        var storage = new SharedStorage();
        await WriteAsync(await OpenAsync(storage), 0, IndexStore.JournalsMax * 10 + 1);
        Assert.Single(storage.Names, name => name.Contains("|page-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shard_whose_page_is_gone_is_not_served()
    {
        var storage = new SharedStorage();
        await WriteAsync(await OpenAsync(storage), 0, IndexStore.JournalsMax + 1);
        storage.Remove(storage.Names.Single(name => name.Contains("|page-", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(storage));
    }
}
