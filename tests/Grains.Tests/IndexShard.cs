using Kappa.Grains.Indexes;
using Kappa.Grains.Instances;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Kappa.Grains.Tests;

/// <summary>An index shard without its grain.</summary>
internal static class IndexShard
{
    private static readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    public static async Task<IndexStore> OpenAsync(SharedStorage storage, int? bytesMax = null)
    {
        var documents = new GrainDocuments(storage.For(_serializer), GrainId.Create("index", "one"));
        var store = bytesMax is { } limit ? new IndexStore(documents, limit) : new IndexStore(documents);
        await store.LoadAsync();
        return store;
    }

    /// <summary>So many writes, each of a new key.</summary>
    public static async Task WriteAsync(IndexStore store, int from, int count)
    {
        for (var write = from; write < from + count; write++)
            await store.AddAsync([Entry(write, 1)]);
    }

    public static IndexEntry Entry(int key, long version) => new($"k{key}", version, 0, 0, true, 0, [], []);
}
