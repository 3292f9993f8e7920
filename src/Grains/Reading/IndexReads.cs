using Kappa.Engine.Instances;
using Kappa.Engine.Reading;
using Kappa.Grains.Indexes;
using Kappa.Views;

namespace Kappa.Grains.Reading;

/// <summary>Lists, lookups and ranks, from all shards of a build's index. The instances themselves are read for what is shown of them.</summary>
internal static class IndexReads
{
    public static async Task<Page<KeyInfo>> KeysAsync(Serving serving, string prefix, string? after, int take)
    {
        var from = after is null ? null : Cursor.Read(after, 1)[0];
        var found = (await serving.AskAsync(index => index.KeysAsync(prefix, from, take + 1)).ConfigureAwait(false))
            .OrderBy(entry => entry.Key, Utf8Order.Instance).ToList();
        return new Page<KeyInfo>([.. found.Take(take).Select(entry => new KeyInfo(entry.Key, entry.Version, new DateTimeOffset(entry.TimeTicks, TimeSpan.Zero)))],
            found.Count > take ? Cursor.Of(found[take - 1].Key) : null);
    }

    public static async Task<Page<ViewEnvelope>> LookupAsync(Serving serving, string lookup, string value, string? after, int take)
    {
        var index = serving.LookupOf(lookup);
        var from = after is null ? null : Cursor.Read(after, 2);
        var found = (await serving.AskAsync(shard => shard.LookupAsync(index, value, serving.View.Lookups[index].Prefix, from?[0], from?[1], take + 1)).ConfigureAwait(false))
            .OrderBy(entry => new LookupItem(entry.Lookups[0]!, null, entry.Key)).ToList();
        return new Page<ViewEnvelope>(await ReadAsync(serving, found.Take(take)).ConfigureAwait(false),
            found.Count > take ? Cursor.Of(found[take - 1].Lookups[0]!, found[take - 1].Key) : null);
    }

    public static async Task<IReadOnlyList<ViewEnvelope>> TopAsync(Serving serving, string rank, int take)
    {
        var index = serving.RankOf(rank);
        var found = (await serving.AskAsync(shard => shard.TopAsync(index, take)).ConfigureAwait(false))
            .OrderByDescending(entry => entry.Ranks[0]).ThenBy(entry => entry.Key, Utf8Order.Instance);
        return await ReadAsync(serving, found.Take(take)).ConfigureAwait(false);
    }

    private static Task<ViewEnvelope[]> ReadAsync(Serving serving, IEnumerable<IndexEntry> entries) => Task.WhenAll(entries.Select(entry => serving.ReadAsync(entry.Key)));
}
